package io.winnow.trainer.runs;

import io.winnow.trainer.learn.EpochWatcher;
import io.winnow.trainer.runs.RunEvent.End;
import io.winnow.trainer.runs.RunEvent.Ended;
import io.winnow.trainer.runs.RunEvent.Passed;
import io.winnow.trainer.runs.RunEvent.Started;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a run down as it goes: {@code run.jsonl}, and beside it an event file for TensorBoard. A training is worth more
 * than its record: once the record cannot be written, one warning says so and the training goes on. Not thread-safe.
 */
public final class RunRecorder implements EpochWatcher, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RunRecorder.class);

    private final Path directory;
    private final InstantSource clock;
    private final Writer lines;
    private final EventFile events;
    private Instant last;
    private int step;
    private boolean ended;
    private boolean broken;

    private RunRecorder(Path directory, InstantSource clock, Writer lines, EventFile events) {
        this.directory = directory;
        this.clock = clock;
        this.lines = lines;
        this.events = events;
        this.last = clock.instant();
    }

    /**
     * Begins a record.
     *
     * @param directory of this run alone; made if it is not there
     * @param started its first line
     * @param clock for times of lines and events
     * @throws IOException if it cannot be written, or holds a run already
     */
    public static RunRecorder start(Path directory, Started started, InstantSource clock) throws IOException {
        Files.createDirectories(directory);
        Writer lines = Files.newBufferedWriter(directory.resolve(Run.FILE), StandardOpenOption.CREATE_NEW);
        try {
            lines.write(Run.encode(started) + "\n");
            lines.flush();
            return new RunRecorder(directory, clock, lines, EventFile.create(directory, clock.instant()));
        } catch (IOException e) {
            lines.close();
            throw e;
        }
    }

    /** Writes the pass down, and histograms of what goes on inside. */
    @Override
    public void passed(Epoch epoch, Supplier<Map<String, float[]>> inside) {
        Instant now = clock.instant();
        double seconds = Duration.between(last, now).toNanos() / 1e9;
        last = now;
        step = epoch.number();
        attempt(() -> {
            line(new Passed(
                    now.toString(),
                    epoch.number(),
                    epoch.planned(),
                    epoch.loss(),
                    epoch.validation(),
                    epoch.rate(),
                    seconds));
            Map<String, Double> scalars = new LinkedHashMap<>();
            scalars.put("loss/fit", epoch.loss());
            scalars.put("loss/validation", epoch.validation());
            scalars.put("rate", epoch.rate());
            scalars.put("seconds", seconds);
            events.scalars(now, step, scalars);
            Map<String, Histogram> histograms = new LinkedHashMap<>();
            inside.get().forEach((name, values) -> histograms.put(name, Histogram.of(values)));
            events.histograms(now, step, histograms);
        });
    }

    /**
     * Writes the last line.
     *
     * @param sentence why, for a person
     * @param scores by name; in TensorBoard below {@code scores/}
     */
    public void end(End end, String sentence, Map<String, Double> scores) {
        if (ended) {
            throw new IllegalStateException("the run has ended");
        }
        ended = true;
        Instant now = clock.instant();
        attempt(() -> {
            line(new Ended(now.toString(), end, sentence, scores));
            Map<String, Double> scalars = new LinkedHashMap<>();
            scores.forEach((name, value) -> scalars.put("scores/" + name, value));
            events.scalars(now, step, scalars);
        });
    }

    /** Ends the record, as stopped where nothing else was said. */
    @Override
    public void close() {
        if (!ended) {
            end(End.STOPPED, "stopped before its end", Map.of());
        }
        try (lines;
                events) {
            lines.flush();
        } catch (IOException e) {
            warn(e);
        }
    }

    private interface Writing {
        void run() throws IOException;
    }

    private void attempt(Writing writing) {
        if (broken) {
            return;
        }
        try {
            writing.run();
        } catch (IOException e) {
            warn(e);
        }
    }

    private void warn(IOException e) {
        if (!broken) {
            LOG.warn(
                    "the record in {} cannot be written on, the training goes on without it: {}",
                    directory,
                    e.toString());
        }
        broken = true;
    }

    private void line(RunEvent event) throws IOException {
        lines.write(Run.encode(event) + "\n");
        lines.flush();
    }
}
