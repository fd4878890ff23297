package io.winnow.app.command;

import io.winnow.app.bench.TrainingBench;
import io.winnow.app.bench.TrainingPlan;
import io.winnow.app.bench.TrainingReport;
import io.winnow.app.terminal.Terminal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code winnow bench training}. */
@Command(
        name = "training",
        description = {
            "Measure how long a trainer takes from a full clean topic to its first model, and its memory.",
            "20 fields and a target; then it trains again and again on the same rows."
        },
        mixinStandardHelpOptions = true)
public final class BenchTrainingCommand implements Callable<Integer> {
    @Option(
            names = "--rows",
            paramLabel = "N",
            defaultValue = "50000",
            description = "Rows of the window (default: ${DEFAULT-VALUE}).")
    private int rows;

    @Option(
            names = "--retrains",
            paramLabel = "N",
            defaultValue = "5",
            description = "Trainings after the first one (default: ${DEFAULT-VALUE}).")
    private int retrains;

    @Option(
            names = "--memory-mib",
            paramLabel = "N",
            defaultValue = "1024",
            description = "The trainer's heap at most (default: ${DEFAULT-VALUE}).")
    private int memoryMiB;

    @Option(names = "--report", paramLabel = "FILE", description = "Write the figures as JSON.")
    private @Nullable Path report;

    @Mixin
    private SeedOption seed;

    @Override
    public Integer call() throws IOException {
        TrainingPlan plan = new TrainingPlan(rows, retrains, memoryMiB, seed.seed());
        Terminal terminal = Terminal.standard();
        terminal.line("seed %d", seed.seed());
        TrainingReport result = TrainingBench.run(BenchCommand.folder(), plan, terminal);
        terminal.line(
                "a training takes %.1f s (median of %d)",
                result.training(), result.trainings().size());
        if (result.peakMiB() != null) {
            terminal.line("its process had at most %,.0f MiB", result.peakMiB());
        }
        if (result.growth() != null) {
            terminal.line("memory of the last trainings is %.2f times that of early ones", result.growth());
        }
        Json.write(report, result.fields());
        return 0;
    }
}
