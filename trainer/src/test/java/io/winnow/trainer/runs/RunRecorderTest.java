package io.winnow.trainer.runs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.winnow.core.model.OffsetRange;
import io.winnow.trainer.learn.EpochWatcher.Epoch;
import io.winnow.trainer.runs.EventReader.Message;
import io.winnow.trainer.runs.RunEvent.End;
import io.winnow.trainer.runs.RunEvent.Started;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunRecorderTest {
    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
    private static final float[] VALUES = {-1, -1, 0, 2.5f, Float.NaN, Float.POSITIVE_INFINITY};

    @TempDir
    Path folder;

    private Instant now = NOON;
    private final InstantSource clock = () -> now;

    static Started started(String run) {
        return new Started(
                NOON.toString(),
                run,
                "grid",
                "0.1.0",
                42,
                1_000,
                List.of(new OffsetRange(0, 10, 1_010)),
                Map.of("hidden", "128", "peakRate", "0.003"),
                Map.of("search", "s1"));
    }

    /** Two passes of two and three seconds, with one histogram each. */
    private Path recorded() throws IOException {
        Path directory = folder.resolve("r1");
        try (RunRecorder recorder = RunRecorder.start(directory, started("r1"), clock)) {
            now = now.plusSeconds(2);
            recorder.passed(new Epoch(1, 3, 0.5, 0.75, 3e-3), () -> Map.of("inputs", VALUES));
            now = now.plusSeconds(3);
            recorder.passed(
                    new Epoch(2, 3, Double.NaN, Double.POSITIVE_INFINITY, 1e-3), () -> Map.of("inputs", new float[4]));
            recorder.end(End.FINISHED, "mae 1 beats no-change 2", Map.of("mae", 1.0));
        }
        return directory;
    }

    @Test
    void whatWasWrittenIsReadBack() throws Exception {
        Run run = Run.read(recorded());
        assertThat(run.started()).isEqualTo(started("r1"));
        assertThat(run.passes())
                .containsExactly(
                        new RunEvent.Passed("2026-03-01T12:00:02Z", 1, 3, 0.5, 0.75, 3e-3, 2),
                        new RunEvent.Passed(
                                "2026-03-01T12:00:05Z", 2, 3, Double.NaN, Double.POSITIVE_INFINITY, 1e-3, 3));
        assertThat(run.ended())
                .contains(new RunEvent.Ended(
                        "2026-03-01T12:00:05Z", End.FINISHED, "mae 1 beats no-change 2", Map.of("mae", 1.0)));
        assertThat(Run.below(folder)).containsExactly(folder.resolve("r1").toAbsolutePath());
    }

    @Test
    void theEventFileHoldsScalarsAndHistograms() throws Exception {
        List<Message> events = EventReader.read(eventFile(recorded()));
        assertThat(events.get(0).text(3)).isEqualTo("brain.Event:2");
        assertThat(events).hasSize(6);
        Message first = events.get(1);
        assertThat(first.one(1)).isEqualTo(NOON.getEpochSecond() + 2.0);
        assertThat(first.one(2)).isEqualTo(1L);
        List<Message> values = first.message(5).all(1).stream()
                .map(v -> EventReader.parse((ByteBuffer) v))
                .toList();
        assertThat(values).extracting(v -> v.text(1)).containsExactly("loss/fit", "loss/validation", "rate", "seconds");
        assertThat(values).extracting(v -> v.one(2)).containsExactly(0.5f, 0.75f, 3e-3f, 2f);
        Message inputs = events.get(2).message(5).message(1);
        assertThat(inputs.text(1)).isEqualTo("inputs");
        Message histogram = inputs.message(5);
        assertThat(histogram.one(1)).isEqualTo(-1.0);
        assertThat(histogram.one(2)).isEqualTo(2.5);
        assertThat(histogram.one(3)).isEqualTo(4.0);
        assertThat(histogram.one(4)).isEqualTo(0.5);
        assertThat(histogram.one(5)).isEqualTo(8.25);
        double[] bounds = histogram.packed(6);
        double[] counts = histogram.packed(7);
        assertThat(bounds).hasSameSizeAs(counts).isSorted();
        assertThat(bounds[bounds.length - 1]).isEqualTo(2.5);
        assertThat(counts[0]).isEqualTo(2);
        assertThat(counts[counts.length - 1]).isEqualTo(1);
        Message same = events.get(4).message(5).message(1).message(5);
        assertThat(same.packed(7)).containsExactly(4);
        assertThat(events.get(5).message(5).message(1).text(1)).isEqualTo("scores/mae");
        assertThat(events.get(5).one(2)).isEqualTo(2L);
    }

    @Test
    void tensorBoardReadsIt() throws Exception {
        assumeTrue(python("import tensorboard") == 0, "python3 has no tensorboard: install it to run this");
        Path directory = recorded();
        int exit = python("""
                import sys
                from tensorboard.backend.event_processing import plugin_event_accumulator as ea
                from tensorboard.util import tensor_util
                a = ea.EventAccumulator(sys.argv[1], size_guidance={ea.TENSORS: 0}).Reload()
                read = lambda tag: [(t.step, tensor_util.make_ndarray(t.tensor_proto)) for t in a.Tensors(tag)]
                assert [(s, float(v)) for s, v in read("loss/fit")][0] == (1, 0.5), read("loss/fit")
                assert [s for s, v in read("rate")] == [1, 2]
                step, buckets = read("inputs")[0]
                assert (buckets[0][0], buckets[-1][1], buckets[:, 2].sum()) == (-1, 2.5, 4), buckets
                """, directory.toString());
        assertThat(exit).as(Files.readString(folder.resolve("python.log"))).isZero();
    }

    @Test
    void aLineThatWasCutOffIsLeftOut() throws Exception {
        Path directory = recorded();
        Path file = directory.resolve(Run.FILE);
        byte[] whole = Files.readAllBytes(file);
        for (int cut = 1; cut < 60; cut++) {
            Files.write(file, java.util.Arrays.copyOf(whole, whole.length - cut));
            Run run = Run.read(directory);
            assertThat(run.ended()).isEmpty();
            assertThat(run.passes()).hasSize(2);
        }
    }

    @Test
    void aBrokenLineIsNamed() throws Exception {
        Path file = recorded().resolve(Run.FILE);
        Files.writeString(file, "{\"event\":\"passed\"\n", StandardOpenOption.APPEND);
        assertThatThrownBy(() -> Run.read(file.getParent()))
                .isInstanceOf(IOException.class)
                .hasMessage(file + ":5: is no line of a run's record");
        Files.writeString(file, "");
        assertThatThrownBy(() -> Run.read(file.getParent())).hasMessageStartingWith(file + ":1:");
    }

    @Test
    void aRunThatSaidNothingWasStopped() throws Exception {
        RunRecorder.start(folder.resolve("r2"), started("r2"), clock).close();
        assertThat(Run.read(folder.resolve("r2")).ended().orElseThrow().end()).isEqualTo(End.STOPPED);
    }

    @Test
    void twoRunsNeverShareADirectory() throws Exception {
        Path directory = recorded();
        assertThatThrownBy(() -> RunRecorder.start(directory, started("r1"), clock))
                .isInstanceOf(FileAlreadyExistsException.class);
        assertThat(Run.read(directory).passes()).hasSize(2);
    }

    private static Path eventFile(Path directory) throws IOException {
        try (var files = Files.newDirectoryStream(directory, "*tfevents*")) {
            return files.iterator().next();
        }
    }

    private int python(String script, String... arguments) throws Exception {
        List<String> command = new java.util.ArrayList<>(List.of("python3", "-c", script));
        command.addAll(List.of(arguments));
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("python.log").toFile())
                    .start();
        } catch (IOException e) {
            return -1;
        }
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return process.exitValue();
    }
}
