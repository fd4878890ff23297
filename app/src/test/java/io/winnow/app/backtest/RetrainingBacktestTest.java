package io.winnow.app.backtest;

import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.core.contract.Contract;
import io.winnow.core.contract.ContractReader;
import io.winnow.core.model.ModelCard;
import io.winnow.trainer.learn.Devices;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetrainingBacktestTest {
    private static final int ROWS = 2_600;

    @TempDir
    Path folder;

    @BeforeAll
    static void torch() {
        Devices.prepare(Path.of("target", "djl-cache"));
    }

    /** A law that no last value and no linear model can follow. */
    private Path file() throws Exception {
        Random random = new Random(6);
        StringBuilder csv = new StringBuilder("a,b,c,y\n");
        for (int i = 0; i < ROWS; i++) {
            double a = random.nextGaussian();
            double b = random.nextGaussian();
            double c = random.nextGaussian();
            double y = 50 + 4 * a + 3 * b - 2 * c + 2 * a * b + 0.1 * random.nextGaussian();
            csv.append(String.format(Locale.ROOT, "%.6f,%.6f,%.6f,%.6f%n", a, b, c, y));
        }
        return Files.writeString(folder.resolve("law.csv"), csv);
    }

    @Test
    void theChampionBeatsWhatCostsNothingAndNothingIsRecoveredWhereNothingWasBroken() throws Exception {
        Contract contract = ContractReader.parse("""
                stream: law
                features:
                  - {name: a, type: number}
                  - {name: b, type: number}
                  - {name: c, type: number}
                target: {name: y, type: number}
                derive: {lags: [1, 2], means: [3]}
                training: {every-rows: 5000, min-rows: 900}
                """, "law.yaml");
        Path scratch = Files.createDirectory(folder.resolve("scratch"));
        RetrainingResult result = RetrainingResult.of(file(), contract, 0, scratch, 1, text -> {});

        assertThat(result.rows()).isEqualTo(ROWS);
        assertThat(result.quarantined()).isLessThan(ROWS / 20);
        assertThat(result.metric()).isEqualTo(ModelCard.MAE);
        assertThat(result.published()).isPositive();
        // Two rows that know nothing of each other lie about 6.5 apart.
        assertThat(result.noChange()).isBetween(5.0, 8.0);
        assertThat(result.champion()).isNotNull().isLessThan(result.linear());
        assertThat(result.champion()).isLessThan(result.noChange() / 3);
        assertThat(result.championCleanOnly()).isNotNull().isLessThan(result.noChange() / 3);
        assertThat(result.forest()).isLessThan(result.noChange());
        assertThat(result.first()).isLessThan(result.noChange());
        assertThat(result.withoutHygiene()).isNull();
        assertThat(result.oracle()).isNull();
        assertThat(result.recovery()).isNull();
        assertThat(scratch).isEmptyDirectory();
    }
}
