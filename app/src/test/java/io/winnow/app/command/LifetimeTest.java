package io.winnow.app.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.winnow.app.Failure;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LifetimeTest {
    @Test
    void aPartThatFailsEndsTheWaitWithItsReason() {
        Failure failure = new Failure("the job of stream grid failed for good");
        CompletableFuture<Failure> part = new CompletableFuture<>();
        try (Lifetime lifetime = new Lifetime()) {
            CompletableFuture<Void> wait = CompletableFuture.runAsync(() -> {
                try {
                    lifetime.await(part);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            assertThat(wait).isNotDone();
            part.complete(failure);
            assertThatThrownBy(() -> wait.get(10, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasCause(failure);
        }
    }
}
