package io.winnow.app.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.app.terminal.Terminal;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingBenchIT {
    /** How long it takes is for a quiet machine to say; that models are published, again too, is for any. */
    @Test
    void aTrainerIsMeasuredFromItsStartToItsModels(@TempDir Path folder) {
        TrainingReport report = TrainingBench.run(folder, new TrainingPlan(5_000, 1, 256, 3), Terminal.standard());
        assertThat(report.trainings()).hasSize(2).allMatch(seconds -> seconds > 0);
        assertThat(report.published()).isGreaterThan(report.trainings().get(0));
        assertThat(folder.resolve("models/bench"))
                .isDirectoryRecursivelyContaining("glob:**/model.pt")
                .isDirectoryRecursivelyContaining("glob:**/start.pt");
    }
}
