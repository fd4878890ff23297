package io.winnow.core.hygiene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.winnow.core.contract.Breaker;
import io.winnow.core.row.Reason;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BreakerCountsTest {
    private final BreakerCounts counts = new BreakerCounts(Breaker.DEFAULT);

    /** Notes records until the alarm turns; how many that took, or −1. */
    private int until(double bad, int atMost, long seed) {
        Random random = new Random(seed);
        for (int i = 1; i <= atMost; i++) {
            if (counts.note(random.nextDouble() < bad ? Reason.MALFORMED : null)) {
                return i;
            }
        }
        return -1;
    }

    @Test
    void garbageFromTheStartIsSeenAtTheFirstDecision() {
        assertThat(until(1, 10_000, 1)).isEqualTo(BreakerCounts.STEP);
        assertThat(counts.isAlarm()).isTrue();
        assertThat(counts.describe()).isEqualTo("100 % set aside: 100 % MALFORMED");
    }

    @Test
    void aStreamThatTurnsBadIsSeenWithinTwoWindowsAndABurstIsNot() {
        assertThat(until(0.01, 100_000, 2)).isEqualTo(-1);
        assertThat(until(1, BreakerCounts.WINDOW, 3)).isEqualTo(-1);
        assertThat(until(0.01, 10_000, 4)).isEqualTo(-1);
        assertThat(until(1, 100_000, 5)).isBetween(BreakerCounts.WINDOW, 2 * BreakerCounts.WINDOW);
    }

    @Test
    void itDoesNotFlapBetweenTheBounds() {
        until(1, 10_000, 6);
        assertThat(until(0.7, 200_000, 7)).as("as bad as not").isEqualTo(-1);
        assertThat(counts.isAlarm()).isTrue();
        assertThat(until(0.1, 10_000, 8)).isBetween(1, 2 * BreakerCounts.WINDOW);
        assertThat(counts.isAlarm()).isFalse();
        assertThat(until(0.7, 200_000, 9)).isEqualTo(-1);
        assertThat(counts.isAlarm()).isFalse();
    }

    @Test
    void restoredItGoesOnAsIfNothingHadHappened() {
        Random random = new Random(10);
        BreakerCounts other = new BreakerCounts(Breaker.DEFAULT);
        for (int i = 0; i < 20_000; i++) {
            @Nullable Reason reason = random.nextInt(20_000) < i ? Reason.values()[i % Reason.values().length] : null;
            assertThat(other.note(reason)).isEqualTo(counts.note(reason));
            if (i % 777 == 0) {
                BreakerCounts fresh = new BreakerCounts(Breaker.DEFAULT);
                fresh.restore(other.snapshot());
                other = fresh;
            }
        }
        assertThat(other.isAlarm()).isTrue();
        assertThat(other.describe()).isEqualTo(counts.describe()).contains("MALFORMED", "INVALID", "SURPRISING");
        assertThatThrownBy(() -> counts.restore(new int[3])).hasMessageContaining("not a breaker's counts");
    }
}
