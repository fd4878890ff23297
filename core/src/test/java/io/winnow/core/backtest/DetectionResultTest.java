package io.winnow.core.backtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** The figures of a backtest against their definitions, counted pair by pair. */
class DetectionResultTest {
    @Test
    void areasAgreeWithTheirDefinitionsWhateverTies() {
        Random random = new Random(1);
        for (int round = 0; round < 300; round++) {
            int n = 2 + random.nextInt(80);
            int levels = 1 + random.nextInt(round % 2 == 0 ? 5 : 1_000);
            double[] bits = new double[n];
            boolean[] anomalous = new boolean[n];
            for (int i = 0; i < n; i++) {
                bits[i] = random.nextInt(levels) / 7.0;
                anomalous[i] = random.nextInt(4) == 0;
            }
            anomalous[0] = true;
            anomalous[1] = false;
            double[] areas = DetectionResult.areas(bits, anomalous);
            assertThat(areas[0]).isCloseTo(auroc(bits, anomalous), within(1e-12));
            assertThat(areas[1]).isCloseTo(averagePrecision(bits, anomalous), within(1e-12));
        }
    }

    @Test
    void aSingleClassHasNoAuroc() {
        double[] bits = {1, 2, 2};
        assertThat(DetectionResult.areas(bits, new boolean[3])).containsExactly(Double.NaN, Double.NaN);
        assertThat(DetectionResult.areas(bits, new boolean[] {true, true, true}))
                .containsExactly(Double.NaN, 1);
        assertThat(DetectionResult.areas(new double[0], new boolean[0])).containsExactly(Double.NaN, Double.NaN);
    }

    @Test
    void gateFiguresCountRowsAtOrAboveTheThreshold() {
        double[] bits = {10, 9.999, 12, 3, 11};
        boolean[] anomalous = {true, true, false, false, true};
        DetectionResult result = DetectionResult.of("f", 9, 4, bits, anomalous, 10, 5, null);
        assertThat(result.quarantined()).isEqualTo(3);
        assertThat(result.recall()).isCloseTo(2 / 3.0, within(1e-12));
        assertThat(result.precision()).isCloseTo(2 / 3.0, within(1e-12));
        assertThat(result.rows()).isEqualTo(9);
        assertThat(result.undecodable()).isEqualTo(4);
    }

    /** Mann and Whitney: the share of pairs in which the anomaly scores higher, ties as a half. */
    private static double auroc(double[] bits, boolean[] anomalous) {
        double wins = 0;
        double pairs = 0;
        for (int i = 0; i < bits.length; i++) {
            for (int j = 0; j < bits.length; j++) {
                if (anomalous[i] && !anomalous[j]) {
                    pairs++;
                    wins += bits[i] > bits[j] ? 1 : bits[i] == bits[j] ? 0.5 : 0;
                }
            }
        }
        return wins / pairs;
    }

    /** Precision at each anomaly's own score, averaged over the anomalies. */
    private static double averagePrecision(double[] bits, boolean[] anomalous) {
        double sum = 0;
        double positives = 0;
        for (int i = 0; i < bits.length; i++) {
            if (!anomalous[i]) {
                continue;
            }
            positives++;
            double hits = 0;
            double above = 0;
            for (int j = 0; j < bits.length; j++) {
                if (bits[j] >= bits[i]) {
                    above++;
                    hits += anomalous[j] ? 1 : 0;
                }
            }
            sum += hits / above;
        }
        return sum / positives;
    }
}
