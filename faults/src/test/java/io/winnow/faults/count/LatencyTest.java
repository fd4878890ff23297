package io.winnow.faults.count;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LatencyTest {
    /** Ten records a second for a minute; those of seconds 20 to 32 come when all come again, at 33. */
    private static Latency outage() {
        Latency latency = new Latency();
        IntStream.range(0, 600).forEach(i -> {
            long due = 100L * i;
            boolean held = due >= 20_000 && due < 33_000;
            latency.note(due, held ? 33_000 : due + 800);
        });
        return latency;
    }

    @Test
    void it_is_back_when_records_are_as_fast_as_usual_and_stay_so() {
        assertThat(outage().back(20_500, 60_000, 1_000, 5)).hasValue(12);
        assertThat(outage().worst(20_000, 60_000)).hasValue(13_000);
        assertThat(outage().worst(0, 20_000)).hasValue(800);
    }

    @Test
    void a_moment_without_delay_is_not_enough() {
        Latency latency = outage();
        latency.note(35_000, 40_000);
        assertThat(latency.back(20_000, 60_000, 1_000, 5)).hasValue(16);
    }

    @Test
    void seconds_that_nothing_came_of_are_not_calm() {
        assertThat(outage().back(50_000, 90_000, 1_000, 20)).isEmpty();
        assertThat(outage().back(20_000, 34_000, 1_000, 5)).isEmpty();
        assertThat(outage().worst(90_000, 95_000)).isEmpty();
    }
}
