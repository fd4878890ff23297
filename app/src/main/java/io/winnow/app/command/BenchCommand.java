package io.winnow.app.command;

import io.winnow.app.bench.Bench;
import io.winnow.app.bench.BenchPlan;
import io.winnow.app.bench.BenchReport;
import io.winnow.app.bench.BenchReport.Round;
import io.winnow.app.home.Logs;
import io.winnow.app.terminal.Box;
import io.winnow.app.terminal.Terminal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code winnow bench}. */
@Command(
        name = "bench",
        subcommands = {BenchLatencyCommand.class, BenchTrainingCommand.class},
        description = {
            "Measure the hygiene job against a plain copy and a Flink identity job, in one run.",
            "JSON of 20 numbers, same client settings, start-up excluded, median of 5; takes a few minutes."
        },
        mixinStandardHelpOptions = true)
public final class BenchCommand implements Callable<Integer> {
    private static final int ROUNDS = 5;
    /** The compiler is at work on the jobs' code for about so many. */
    private static final int WARM_UPS = 2;

    @Option(
            names = "--records",
            paramLabel = "N",
            defaultValue = "1000000",
            description = "Records in each run (default: ${DEFAULT-VALUE}).")
    private int records;

    @Option(names = "--report", paramLabel = "FILE", description = "Write the figures as JSON.")
    private @Nullable Path report;

    @Mixin
    private SeedOption seed;

    @Override
    public Integer call() throws IOException {
        BenchPlan plan = new BenchPlan(records, WARM_UPS, ROUNDS, seed.seed());
        Terminal terminal = Terminal.standard();
        terminal.line("seed %d", seed.seed());
        BenchReport result = Bench.run(folder(), plan, terminal);
        table(result).lines().forEach(terminal::line);
        Json.write(report, result.fields());
        return 0;
    }

    private static Box table(BenchReport r) {
        Box box = new Box("median of " + r.rounds().size()).section();
        box.row("", "records/s", "hygiene job over it");
        row(box, r, "plain copy, one thread", Round::plainCopyOneThread);
        row(box, r, "plain copy, " + r.parallelism() + " threads", Round::plainCopy);
        row(box, r, "identity job", Round::identityJob);
        row(box, r, "hygiene job", Round::hygieneJob);
        return box;
    }

    private static void row(Box box, BenchReport r, String name, ToDoubleFunction<Round> figure) {
        double rate = r.median(figure);
        box.row(
                name,
                String.format(Locale.ROOT, "%,.0f", rate),
                String.format(Locale.ROOT, "%.2f", r.median(Round::hygieneJob) / rate));
    }

    /** A folder for some gigabytes and the logs: it goes however this ends. */
    static Path folder() throws IOException {
        Path folder = Files.createTempDirectory("winnow-bench");
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder), "winnow-bench-cleaner"));
        Logs.toFile(folder, "bench");
        return folder;
    }

    private static void delete(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException | UncheckedIOException e) {
            System.err.println("winnow: " + folder + " could not be deleted (" + e + "); delete it yourself");
        }
    }
}
