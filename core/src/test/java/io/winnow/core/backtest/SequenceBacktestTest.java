package io.winnow.core.backtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.core.contract.Contract;
import io.winnow.core.contract.ContractReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backtest under a contract with context sees what the stream would. */
class SequenceBacktestTest {
    private static final int METERS = 6;

    @TempDir
    Path directory;

    @Test
    void frozenMetersAreFoundInAFileWhereTheContractComparesThem() throws IOException {
        Path file = directory.resolve("meters.csv");
        Files.writeString(file, meters(new Random(61)));
        DetectionResult plain = run(file, "");
        DetectionResult compared = run(file, "context: {per: key}\n");
        assertThat(plain.auroc()).as("no single row shows it").isBetween(0.35, 0.65);
        assertThat(compared.auroc()).isGreaterThan(0.95);
        assertThat(compared.recall()).isGreaterThan(0.7);
        assertThat(compared.precision()).isGreaterThan(0.7);
    }

    private static DetectionResult run(Path file, String context) throws IOException {
        Contract contract = ContractReader.parse("stream: meters\nkey: meter\n" + context + """
                features:
                  - {name: load, type: number}
                  - {name: heat, type: number}
                target: {name: frozen, type: number}
                """, "meters.yaml");
        return DetectionBacktest.run(file, "frozen", Optional.of(contract), 0, bytes -> {});
    }

    /** Slow waves and noise; now and then a meter repeats one load for ten rows. The key is no feature. */
    private static String meters(Random random) {
        StringBuilder csv = new StringBuilder("meter,load,heat,frozen\n");
        double[] stuck = new double[METERS];
        int[] left = new int[METERS];
        for (int i = 0; i < 20_000; i++) {
            int m = i % METERS;
            double load = 50 + 10 * Math.sin(i / 50.0 + m) + random.nextGaussian();
            boolean frozen = left[m] > 0;
            if (frozen) {
                left[m]--;
                load = stuck[m];
            } else if (i > 2_000 && random.nextInt(1_000) == 0) {
                left[m] = 10;
            }
            stuck[m] = load;
            csv.append(String.format(
                    Locale.ROOT, "m-%d,%.3f,%.2f,%d\n", m, load, 20 + random.nextGaussian(), frozen ? 1 : 0));
        }
        return csv.toString();
    }
}
