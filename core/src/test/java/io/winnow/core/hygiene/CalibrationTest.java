package io.winnow.core.hygiene;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class CalibrationTest {
    /** Anyone may write a profile: whatever its center and unit, bits stay numbers, and a job that judges by it goes on. */
    @Test
    void bitsAreFiniteWhateverTheProfileSays() {
        Random random = new Random(7);
        int[] counts = new int[Grid.CELLS];
        for (int i = 0; i < 1_000; i++) {
            counts[Grid.cell(random.nextGaussian())] += Tally.ONE;
        }
        double[] units = {Double.MIN_VALUE, 1e-300, 1e-30, 1, 1e30, Double.MAX_VALUE};
        double[] centers = {0, -Double.MAX_VALUE, Double.MAX_VALUE, 1e-300, -7};
        for (double unit : units) {
            for (double center : centers) {
                Calibration calibration = new Calibration(counts, 0, center, unit, 10, 1_000);
                double last = 0;
                for (double raw : new double[] {-Double.MAX_VALUE, -1e6, 0, 3, 1e6, 1e300, Double.MAX_VALUE}) {
                    double bits = calibration.of(raw);
                    assertThat(bits)
                            .as("%s, %s, %s", center, unit, raw)
                            .isFinite()
                            .isGreaterThanOrEqualTo(last);
                    assertThat(calibration.cell(raw)).isBetween(0, Grid.CELLS - 1);
                    last = bits;
                }
            }
        }
    }
}
