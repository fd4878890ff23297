package io.winnow.app.command;

import io.winnow.app.Failure;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A command's time between its start and SIGTERM or Ctrl-C: the signal ends {@link #await}, and the process ends
 * only once the command has let go of what it holds.
 */
final class Lifetime implements AutoCloseable {
    private static final long ORDERLY_S = 90;

    private final CountDownLatch signal = new CountDownLatch(1);
    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread hook = new Thread(this::end, "winnow-signal");

    Lifetime() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void end() {
        signal.countDown();
        try {
            if (!done.await(ORDERLY_S, TimeUnit.SECONDS)) {
                Runtime.getRuntime().halt(1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * Waits for the signal.
     *
     * @throws Failure if that comes first
     */
    void await(CompletableFuture<Failure> failure) throws InterruptedException {
        failure.thenRun(signal::countDown);
        signal.await();
        if (failure.isDone()) {
            throw failure.join();
        }
    }

    /** Everything is let go of. */
    @Override
    public void close() {
        done.countDown();
    }
}
