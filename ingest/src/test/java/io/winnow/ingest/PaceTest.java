package io.winnow.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class PaceTest {
    private final FakeTime time = new FakeTime();

    private double secondsFor(Pace pace, int records) throws InterruptedException {
        long start = time.nanos();
        for (int i = 0; i < records; i++) {
            pace.await(() -> false);
        }
        return (time.nanos() - start) / 1e9;
    }

    @Test
    void keepsTheRate() throws InterruptedException {
        assertThat(secondsFor(new Pace(500, time), 5_001)).isCloseTo(10, within(0.01));
        assertThat(secondsFor(new Pace(0.5, time), 3)).isCloseTo(4, within(0.01));
    }

    @Test
    void withoutARateNothingWaits() throws InterruptedException {
        assertThat(secondsFor(new Pace(Double.POSITIVE_INFINITY, time), 1_000)).isZero();
    }

    @Test
    void catchesUpAtMostOneSecond() throws InterruptedException {
        Pace pace = new Pace(100, time);
        pace.await(() -> false);
        time.pass(60);
        assertThat(secondsFor(pace, 300)).isCloseTo(2, within(0.05));
    }

    @Test
    void aStopEndsTheWait() throws InterruptedException {
        Pace pace = new Pace(0.001, time);
        pace.await(() -> false);
        long before = time.nanos();
        pace.await(() -> time.nanos() > before + 1_000_000_000L);
        assertThat(time.nanos() - before).isLessThan(1_500_000_000L);
    }
}
