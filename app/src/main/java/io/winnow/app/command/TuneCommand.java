package io.winnow.app.command;

import io.winnow.app.Failure;
import io.winnow.app.home.Logs;
import io.winnow.app.terminal.Terminal;
import io.winnow.app.tune.FileWindow;
import io.winnow.app.tune.FileWindow.Task;
import io.winnow.app.tune.TuneProgress;
import io.winnow.app.tune.TuneReport;
import io.winnow.core.contract.Contract;
import io.winnow.trainer.Version;
import io.winnow.trainer.learn.Devices;
import io.winnow.trainer.learn.Hyperparameters;
import io.winnow.trainer.learn.LearningException;
import io.winnow.trainer.learn.StoppedException;
import io.winnow.trainer.runs.RunEvent.Started;
import io.winnow.trainer.runs.RunRecorder;
import io.winnow.trainer.search.Attempt;
import io.winnow.trainer.search.SearchPlan;
import io.winnow.trainer.search.SearchPlot;
import io.winnow.trainer.search.Space;
import io.winnow.trainer.search.Tuned;
import io.winnow.trainer.search.Tuner;
import io.winnow.trainer.window.Window;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code winnow tune}. */
@Command(
        name = "tune",
        description = {
            "Look for hyperparameters that suit a file (CSV or NDJSON, gzip or not) better than the standard ones.",
            "They are chosen on validation rows and judged once on the newest fifth, which chose nothing."
        },
        mixinStandardHelpOptions = true)
public final class TuneCommand implements Callable<Integer> {
    private static final DateTimeFormatter ID_TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private final InstantSource clock = InstantSource.system();

    @Parameters(paramLabel = "FILE", description = "Records in order of time.")
    private Path file;

    @Option(names = "--target", required = true, paramLabel = "COL", description = "The column to predict.")
    private String target;

    @Option(names = "--task", required = true, paramLabel = "TASK", description = "regression or classification.")
    private String task;

    @Option(names = "--contract", paramLabel = "FILE", description = "How to read the file (default: drafted from it).")
    private @Nullable Path contract;

    @Option(
            names = "--minutes",
            paramLabel = "N",
            defaultValue = "10",
            description = "How long to search at most (default: ${DEFAULT-VALUE}).")
    private double minutes;

    @Option(
            names = "--attempts",
            paramLabel = "N",
            defaultValue = "500",
            description = "How many trainings at most (default: ${DEFAULT-VALUE}).")
    private int attempts;

    @Option(
            names = "--runs",
            paramLabel = "DIR",
            description = "Where every attempt is recorded, in a directory of this search (default: DATA/runs).")
    private @Nullable Path runs;

    @Option(names = "--report", paramLabel = "FILE", description = "Write the result as JSON.")
    private @Nullable Path report;

    @Mixin
    private SeedOption seed;

    @Mixin
    private DataOption data;

    @Override
    public Integer call() throws IOException {
        if (!(minutes > 0 && minutes <= 1e6)) {
            throw new Failure("--minutes must be more than 0, not " + minutes);
        }
        if (attempts < 1) {
            throw new Failure("--attempts must be 1 or more, not " + attempts);
        }
        Task goal = Task.of(task);
        Contract agreed = FileWindow.contract(file, target, goal, contract);
        FileWindow rows = FileWindow.read(file, agreed);
        Path home = data.directory().toAbsolutePath().normalize();
        Files.createDirectories(home);
        Logs.toFile(home.resolve("logs"), "tune");
        Path cache = home.resolve("djl-cache");
        Devices.prepare(cache);
        Terminal terminal = Terminal.standard();
        Instant start = clock.instant();
        String id = "tune-" + shortened(agreed.stream()) + '-' + ID_TIME.format(start);
        Path directory = (runs == null ? home.resolve("runs") : runs).resolve(id);
        Files.createDirectories(directory);
        terminal.line(
                "tune %s: %,d of %,d rows, %,d left out that break the contract, seed %d",
                file.getFileName(), rows.window().size(), rows.rows(), rows.undecodable(), seed.seed());
        terminal.line(terminal.dim("recording in " + directory));
        Duration time = Duration.ofMillis(Math.round(60_000 * minutes));
        Path scratch = Files.createDirectories(cache.resolve("scratch"));
        TuneProgress progress = new TuneProgress(terminal, time, clock);
        Tuned tuned = tuned(rows.window(), time, scratch, recorded(rows.window(), id, directory), progress);
        double seconds = Duration.between(start, clock.instant()).toMillis() / 1e3;
        TuneReport result = new TuneReport(tuned, new Space(Hyperparameters.DEFAULT, goal == Task.REGRESSION));
        Path plot = directory.resolve("search.png");
        Files.write(plot, SearchPlot.png("tune " + agreed.stream() + ", " + target, tuned));
        result.table(terminal, "tune " + agreed.stream() + ", " + target).forEach(terminal::line);
        if (tuned.better()) {
            terminal.line("the winner's values:");
        }
        result.snippet().forEach(terminal::line);
        terminal.line(terminal.dim("picture: " + plot + "; curves: tensorboard --logdir " + directory));
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("file", file.toString());
        fields.put("task", task);
        fields.putAll(result.fields());
        fields.put("seconds", seconds);
        fields.put("seed", seed.seed());
        fields.put("runs", directory.toString());
        fields.put("plot", plot.toString());
        Json.write(report, fields);
        return 0;
    }

    private Tuner.Records recorded(Window window, String id, Path directory) {
        return (number, hyper, share) -> RunRecorder.start(
                directory.resolve(String.format(Locale.ROOT, "%04d", number)),
                new Started(
                        clock.instant().toString(),
                        String.format(Locale.ROOT, "%s-%04d", id, number),
                        window.contract().stream(),
                        Version.text(),
                        seed.seed(),
                        window.size(),
                        window.ranges(),
                        hyper.asText(),
                        Map.of(
                                "search", id,
                                "file", String.valueOf(file.getFileName()),
                                "share", Double.toString(share))),
                clock);
    }

    private Tuned tuned(Window window, Duration time, Path scratch, Tuner.Records records, Consumer<Attempt> progress)
            throws IOException {
        try {
            return new Tuner(scratch, SearchPlan.DEFAULT.within(time).upTo(attempts), clock, () -> false)
                    .run(window, Hyperparameters.DEFAULT, seed.seed(), records, progress);
        } catch (LearningException e) {
            throw new Failure(file + ": " + e.getMessage(), e);
        } catch (StoppedException e) {
            throw new IllegalStateException("nobody stops it", e);
        }
    }

    /** So that a run's name stays within what a name may be. */
    private static String shortened(String stream) {
        return stream.substring(0, Math.min(stream.length(), 100));
    }
}
