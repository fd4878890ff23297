package io.winnow.trainer.live;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdwinTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void aRiseIsSeenSoonAndTheOldIsForgotten(long seed) {
        Random random = new Random(seed);
        Adwin window = new Adwin(0.002);
        for (int i = 0; i < 5_000; i++) {
            window.add(random.nextInt(100) < 10 ? 1 : 0);
        }
        int after = 0;
        while (!window.add(random.nextInt(100) < 30 ? 1 : 0)) {
            after++;
        }
        assertThat(after).isLessThan(600);
        for (int i = 0; i < 2_000; i++) {
            window.add(random.nextInt(100) < 30 ? 1 : 0);
        }
        assertThat(window.size()).isLessThan(5_000);
    }

    @Test
    void whatStaysAlikeOrFallsIsNoRise() {
        int alarms = 0;
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            Adwin window = new Adwin(0.002);
            for (int i = 0; i < 10_000; i++) {
                alarms += window.add(random.nextDouble()) ? 1 : 0;
            }
            for (int i = 0; i < 10_000; i++) {
                alarms += window.add(0.2 * random.nextDouble()) ? 1 : 0;
            }
        }
        assertThat(alarms).isLessThanOrEqualTo(1);
    }

    @Test
    void theWindowHoldsAllUntilThen() {
        Adwin window = new Adwin(0.002);
        for (int i = 0; i < 100_000; i++) {
            assertThat(window.add(0.5)).isFalse();
        }
        assertThat(window.size()).isEqualTo(100_000);
    }
}
