package io.winnow.trainer.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ScheduleTest {
    private static final int STEPS = 700;
    private static final double PEAK = 0.4;

    @ParameterizedTest
    @EnumSource
    void staysBelowThePeakReachesItAndEndsNearNothing(Schedule schedule) {
        double[] rates = schedule.rates(PEAK, 0, STEPS, STEPS);
        assertThat(Arrays.stream(rates).max().orElseThrow())
                .isCloseTo(PEAK, within(PEAK / 1000))
                .isLessThanOrEqualTo(PEAK);
        assertThat(Arrays.stream(rates).min().orElseThrow()).isPositive();
        assertThat(rates[STEPS - 1]).isCloseTo(PEAK / 1000, within(1e-12));
    }

    @ParameterizedTest
    @EnumSource
    void epochsAreCutFromOneCurve(Schedule schedule) {
        double[] whole = schedule.rates(PEAK, 0, STEPS, STEPS);
        assertThat(schedule.rates(PEAK, 250, 300, STEPS)).isEqualTo(Arrays.copyOfRange(whole, 250, 300));
    }

    @Test
    void oneCycleRisesOnceAndFallsOnce() {
        double[] rates = Schedule.ONE_CYCLE.rates(PEAK, 0, STEPS, STEPS);
        assertThat(rises(rates)).containsExactly(IntStream.range(0, 209).toArray());
    }

    @Test
    void warmRestartsRiseTwiceAtCyclesThatDouble() {
        double[] rates = Schedule.WARM_RESTARTS.rates(PEAK, 0, STEPS, STEPS);
        // Cycles of 100, 200 and 400 steps; the rate only rises from one's last step to the next one's first.
        assertThat(rises(rates)).containsExactly(99, 299);
        assertThat(rates[99]).isCloseTo(PEAK / 1000, within(1e-9));
        assertThat(rates[100]).isGreaterThan(PEAK * 0.99);
        assertThat(rates[300]).isGreaterThan(PEAK * 0.99);
    }

    /** Steps after which the rate is higher. */
    private static int[] rises(double[] rates) {
        return IntStream.range(0, rates.length - 1)
                .filter(i -> rates[i + 1] > rates[i])
                .toArray();
    }
}
