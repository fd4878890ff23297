package io.winnow.core.backtest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file in which two fields are wild for no reason, and one that is high is what matters. */
class DetectionBacktestTest {
    @TempDir
    static Path directory;

    private static Path file;

    @BeforeAll
    static void write() throws IOException {
        Random random = new Random(91);
        StringBuilder csv = new StringBuilder("a,b,c,d,e,label\n");
        for (int i = 0; i < 7_000; i++) {
            boolean anomaly = random.nextInt(40) == 0;
            double[] x = random.doubles(5, 0, 1).map(u -> random.nextGaussian()).toArray();
            x[0] *= random.nextInt(15) == 0 ? 8 : 1;
            x[1] *= random.nextInt(15) == 0 ? 8 : 1;
            x[2] += anomaly ? 5 : 0;
            x[3] -= random.nextInt(20) == 0 ? 5 : 0;
            for (double v : x) {
                csv.append(String.format(Locale.ROOT, "%.4f,", v));
            }
            csv.append(anomaly ? "1\n" : "0\n");
        }
        file = Files.writeString(directory.resolve("noise.csv"), csv);
    }

    private static DetectionResult run(int decisions) throws IOException {
        return DetectionBacktest.run(file, "label", Optional.empty(), decisions, bytes -> {});
    }

    @Test
    void decisionsRaiseThePrecisionOfTheRest() throws IOException {
        DetectionResult result = run(100);
        Taught taught = Objects.requireNonNull(result.taught());
        assertThat(taught.decisions()).isEqualTo(100);
        assertThat(taught.discarded()).isBetween(3, 95);
        assertThat(taught.averagePrecisionAfter()).isGreaterThan(1.2 * taught.averagePrecisionBefore());
        Taught again = Objects.requireNonNull(run(100).taught());
        assertThat(again).isEqualTo(taught);
    }

    @Test
    void withoutDecisionsNothingIsTaughtAndTheRunIsTheSame() throws IOException {
        DetectionResult none = run(0);
        assertThat(none.taught()).isNull();
        assertThat(run(10).averagePrecision()).isEqualTo(none.averagePrecision());
    }

    @Test
    void moreDecisionsThanRowsLeaveNoRest() throws IOException {
        Taught taught = Objects.requireNonNull(run(10_000).taught());
        assertThat(taught.decisions()).isEqualTo(6_000);
        assertThat(taught.averagePrecisionAfter()).isNaN();
    }
}
