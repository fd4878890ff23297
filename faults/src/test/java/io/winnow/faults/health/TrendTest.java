package io.winnow.faults.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.faults.health.Trend.Sample;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TrendTest {
    private static Health run(DoubleUnaryOperator heap) {
        Health health = new Health();
        IntStream.range(0, 30).forEach(i -> health.add(Measure.HEAP, "desk", 60 * i, heap.applyAsDouble(i)));
        return health;
    }

    @Test
    void a_leak_is_not_flat_and_a_warm_up_is() {
        assertThat(run(minute -> 50 + 2 * minute).problems(1_800)).hasSize(1);
        assertThat(run(minute -> Math.min(80, 30 + 8 * minute)).problems(1_800)).isEmpty();
    }

    @Test
    void a_process_that_starts_again_now_and_then_hides_no_leak_and_makes_none() {
        assertThat(run(minute -> minute % 7 == 0 ? 30 : 80).problems(1_800)).isEmpty();
        assertThat(run(minute -> minute % 7 == 0 ? 30 : 50 + 2 * minute).problems(1_800))
                .hasSize(1);
    }

    @Test
    void few_samples_say_nothing() {
        assertThat(Trend.of(List.of(new Sample(1, 5), new Sample(70, 50), new Sample(110, 500)), 120))
                .isEmpty();
        Health health = new Health();
        health.add(Measure.THREADS, "desk", 110, 500);
        assertThat(health.problems(120)).isEmpty();
        assertThat(health.describe(120)).contains("desk too few samples");
    }

    @Test
    void what_is_no_number_is_left_out() {
        Health health = new Health();
        health.add(Measure.STATE, "ledger", 1, Double.NaN);
        assertThat(health.describe(60)).isEmpty();
    }
}
