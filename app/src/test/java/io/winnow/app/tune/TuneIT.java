package io.winnow.app.tune;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.winnow.app.Winnow;
import io.winnow.trainer.runs.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** As a person would start it: a file in, a report, a picture and records out. */
class TuneIT {
    @TempDir
    Path folder;

    @Test
    void aFileIsTunedAndItsRunsAreExported() throws Exception {
        StringBuilder text = new StringBuilder("a,b,y\n");
        Random random = new Random(1);
        for (int i = 0; i < 1_500; i++) {
            double a = random.nextGaussian();
            double b = random.nextGaussian();
            text.append(a).append(',').append(b).append(',').append(3 * a * b + 0.1 * random.nextGaussian());
            text.append('\n');
        }
        Path file = Files.writeString(folder.resolve("mill.csv"), text);
        Path report = folder.resolve("report.json");
        List<String> printed = winnow(
                "tune",
                file.toString(),
                "--target",
                "y",
                "--task",
                "regression",
                "--attempts",
                "3",
                "--seed",
                "3",
                "--data",
                folder.resolve("data").toString(),
                "--runs",
                folder.resolve("runs").toString(),
                "--report",
                report.toString());
        assertThat(printed.get(0))
                .isEqualTo("tune mill.csv: 1,500 of 1,500 rows, 0 left out that break the contract, seed 3");
        JsonNode json = new ObjectMapper().readTree(report.toFile());
        assertThat(json.get("metric").asText()).isEqualTo("mae");
        assertThat(json.get("holdoutRows").asInt()).isEqualTo(300);
        assertThat(json.get("standard").get("holdout").asDouble())
                .isPositive()
                .isLessThan(json.get("noChange").asDouble());
        assertThat(Path.of(json.get("plot").asText())).exists();
        Path search = Path.of(json.get("runs").asText());
        assertThat(search.getParent()).isEqualTo(folder.resolve("runs"));
        List<Path> runs = Run.below(search);
        assertThat(runs).hasSize(3);
        assertThat(json.get("attempts").asInt()).isEqualTo(3);
        assertThat(Run.read(runs.get(0)).started().seed()).isEqualTo(3);
        Path mlruns = folder.resolve("mlruns");
        assertThat(winnow(
                        "runs",
                        "export",
                        "--mlflow",
                        mlruns.toString(),
                        "--runs",
                        folder.resolve("runs").toString()))
                .singleElement()
                .asString()
                .startsWith(runs.size() + " runs of ");
        try (var files = Files.walk(mlruns)) {
            assertThat(files.filter(f -> f.endsWith(Path.of("metrics", "validation"))))
                    .hasSize(3);
        }
    }

    private List<String> winnow(String... args) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                Winnow.class.getName()));
        command.addAll(List.of(args));
        Path out = Files.createTempFile(folder, "out", "");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        try {
            assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        List<String> lines = Files.readAllLines(out);
        assertThat(process.exitValue()).as(String.join("\n", lines)).isZero();
        return lines;
    }
}
