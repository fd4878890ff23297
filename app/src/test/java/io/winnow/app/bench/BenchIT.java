package io.winnow.app.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.app.terminal.Terminal;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchIT {
    /** A run that loses or doubles a record fails, so that a report at all says that none did. */
    @Test
    void everyContestantDeliversEveryRecord(@TempDir Path folder) {
        long seed = new Random(4).nextLong();
        BenchReport report = Bench.run(folder, new BenchPlan(5_000, 0, 1, seed), Terminal.standard());
        assertThat(report.rounds()).hasSize(1);
        BenchReport.Round round = report.rounds().get(0);
        assertThat(List.of(round.plainCopy(), round.plainCopyOneThread(), round.identityJob(), round.hygieneJob()))
                .allMatch(rate -> rate > 100);
        assertThat(report.kernel().decode()).isPositive();
        assertThat(report.kernel().score()).isPositive();
        assertThat(report.fields())
                .containsKeys(
                        "plainCopy",
                        "identityJob",
                        "hygieneJob",
                        "hygieneOverPlainCopy",
                        "hygieneOverIdentity",
                        "kernelNanos");
    }
}
