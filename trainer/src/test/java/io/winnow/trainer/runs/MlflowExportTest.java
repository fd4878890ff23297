package io.winnow.trainer.runs;

import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.trainer.runs.RunEvent.End;
import io.winnow.trainer.runs.RunEvent.Ended;
import io.winnow.trainer.runs.RunEvent.Passed;
import io.winnow.trainer.runs.RunEvent.Started;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

class MlflowExportTest {
    private static final String NOON = "2026-03-01T12:00:00Z";
    private static final long MILLIS = 1_772_366_400_000L;

    @TempDir
    Path folder;

    private static Run run(Optional<Ended> ended) {
        return new Run(
                RunRecorderTest.started("r1"),
                List.of(
                        new Passed(NOON, 1, 2, 0.5, 0.75, 3e-3, 2),
                        new Passed(NOON, 2, 2, Double.NaN, Double.NEGATIVE_INFINITY, 1e-3, 2)),
                ended);
    }

    private static Map<?, ?> yaml(Path directory) throws Exception {
        return (Map<?, ?>) new Load(LoadSettings.builder().build())
                .loadFromString(Files.readString(directory.resolve("meta.yaml")));
    }

    @Test
    void writesTheFileStoresLayout() throws Exception {
        Path root = folder.resolve("mlruns");
        Path directory = new MlflowExport(root)
                .write(run(Optional.of(new Ended(NOON, End.REJECTED, "not better", Map.of("mae", 1.5)))));
        Map<?, ?> experiment = yaml(directory.getParent());
        assertThat(experiment.get("name")).isEqualTo("grid");
        assertThat(experiment.get("experiment_id"))
                .isEqualTo(directory.getParent().getFileName().toString())
                .asString()
                .matches("[0-9]+");
        assertThat(experiment.get("lifecycle_stage")).isEqualTo("active");
        Map<?, ?> meta = yaml(directory);
        assertThat(meta.get("run_id"))
                .isEqualTo(directory.getFileName().toString())
                .isEqualTo(meta.get("run_uuid"))
                .asString()
                .matches("[0-9a-f]{32}");
        assertThat(meta.get("experiment_id")).isEqualTo(experiment.get("experiment_id"));
        assertThat(meta.get("status")).isEqualTo(3);
        assertThat(meta.get("start_time")).isEqualTo(MILLIS);
        assertThat(meta.get("end_time")).isEqualTo(MILLIS);
        assertThat(meta.get("artifact_uri")).asString().startsWith("file:");
        assertThat(directory.resolve("artifacts")).isDirectory();
        assertThat(Files.readAllLines(directory.resolve("metrics/validation")))
                .containsExactly(MILLIS + " 0.75 1", MILLIS + " -inf 2");
        assertThat(Files.readAllLines(directory.resolve("metrics/loss")))
                .containsExactly(MILLIS + " 0.5 1", MILLIS + " nan 2");
        assertThat(Files.readAllLines(directory.resolve("metrics/score.mae"))).containsExactly(MILLIS + " 1.5 2");
        assertThat(Files.readString(directory.resolve("params/hidden"))).isEqualTo("128");
        assertThat(Files.readString(directory.resolve("params/seed"))).isEqualTo("42");
        assertThat(Files.readString(directory.resolve("tags/mlflow.runName"))).isEqualTo("r1");
        assertThat(Files.readString(directory.resolve("tags/search"))).isEqualTo("s1");
    }

    @Test
    void againIsTheSameRun() throws Exception {
        MlflowExport export = new MlflowExport(folder);
        Path first = export.write(run(Optional.empty()));
        assertThat(yaml(first).get("status")).isEqualTo(1);
        assertThat(yaml(first).get("end_time")).isNull();
        assertThat(export.write(run(Optional.of(new Ended(NOON, End.STOPPED, "", Map.of())))))
                .isEqualTo(first);
        assertThat(yaml(first).get("status")).isEqualTo(5);
    }

    @Test
    void namesStayInTheirDirectory() throws Exception {
        Run wild = new Run(
                new Started(
                        NOON,
                        "r1",
                        "grid",
                        "0",
                        1,
                        1,
                        List.of(),
                        Map.of("../../evil", "x", "", "y"),
                        Map.of("/etc/evil", "it's: {a}\nb")),
                List.of(),
                Optional.empty());
        Path directory = new MlflowExport(folder.resolve("mlruns")).write(wild);
        assertThat(directory.resolve("params")).isDirectoryContaining("glob:**_.._evil");
        assertThat(directory.resolve("tags")).isDirectoryContaining("glob:**_etc_evil");
    }
}
