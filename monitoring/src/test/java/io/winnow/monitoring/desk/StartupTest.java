package io.winnow.monitoring.desk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.KafkaStreams.State;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class StartupTest {
    private static final TopicPartition CHANGELOG = new TopicPartition("changelog", 0);
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    /** Each look at it is a minute later, and one batch of the restore; a sign of life takes no time. */
    private static final class RestoringClock implements LongSupplier {
        @Nullable
        Startup startup;

        int batches;
        private long now;
        private boolean looking;

        @Override
        public long getAsLong() {
            if (startup != null && !looking) {
                looking = true;
                now += Duration.ofMinutes(1).toNanos();
                if (++batches < 6) {
                    startup.onBatchRestored(CHANGELOG, "records", 100L * batches, 100);
                } else {
                    startup.onRestoreEnd(CHANGELOG, "records", 500);
                    startup.onChange(State.RUNNING, State.REBALANCING);
                }
                looking = false;
            }
            return now;
        }
    }

    @Test
    void aRestoreMayTakeLongerThanThePatience() throws Exception {
        RestoringClock clock = new RestoringClock();
        Startup startup = new Startup(PATIENCE, clock);
        clock.startup = startup;
        startup.await();
        assertThat(clock.batches).isEqualTo(6);
    }

    @Test
    void standingStillHasABound() {
        long[] looks = {0};
        Startup still =
                new Startup(PATIENCE, () -> looks[0]++ * Duration.ofMinutes(1).toNanos());
        assertThatThrownBy(still::await).isInstanceOf(TimeoutException.class);
        assertThat(looks[0]).isEqualTo(3);
    }

    @Test
    void whatFailsEndsTheWait() {
        Startup failed = new Startup(PATIENCE, System::nanoTime);
        failed.failed(new IllegalStateException("no room"));
        assertThatThrownBy(failed::await).isInstanceOf(ExecutionException.class).hasRootCauseMessage("no room");
        Startup stopped = new Startup(PATIENCE, System::nanoTime);
        stopped.onChange(State.ERROR, State.REBALANCING);
        assertThatThrownBy(stopped::await).isInstanceOf(ExecutionException.class);
    }
}
