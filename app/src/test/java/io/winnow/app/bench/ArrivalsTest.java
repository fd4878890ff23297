package io.winnow.app.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class ArrivalsTest {
    @Test
    void theRateIsThatBetweenTheFirstTenthAndTheLast() {
        // A slow tenth, eight tenths of two records a millisecond, another slow tenth; in no order.
        List<Long> times = new ArrayList<>(LongStream.range(0, 1_000)
                .map(n -> n < 100 ? n * 50 : n < 900 ? 5_000 + (n - 100) / 2 : 6_000 + n * 50)
                .boxed()
                .toList());
        Collections.shuffle(times, new Random(1));
        Arrivals arrivals =
                Arrivals.of(times.stream().mapToLong(Long::longValue).toArray());
        assertThat(arrivals.records()).isEqualTo(799);
        assertThat(arrivals.rate()).isBetween(1_990.0, 2_010.0);
    }

    @Test
    void whatArrivesWithinOneMillisecondHasARateToo() {
        assertThat(Arrivals.of(new long[1_000]).rate()).isEqualTo(799_000);
    }
}
