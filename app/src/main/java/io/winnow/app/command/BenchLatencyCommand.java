package io.winnow.app.command;

import io.winnow.app.bench.Latency;
import io.winnow.app.bench.LatencyPlan;
import io.winnow.app.bench.LatencyReport;
import io.winnow.app.terminal.Terminal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code winnow bench latency}. */
@Command(
        name = "latency",
        description = {
            "Measure how long a record takes from raw to clean, exactly once and at least once.",
            "At half of what the job can do, a checkpoint every second; takes two or three minutes."
        },
        mixinStandardHelpOptions = true)
public final class BenchLatencyCommand implements Callable<Integer> {
    private static final long RECORDS = 400_000;
    private static final int WARM_UP_SECONDS = 10;

    @Option(
            names = "--rate",
            paramLabel = "R",
            description = "Records a second to send (default: half of what the job can do).")
    private @Nullable Double rate;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            defaultValue = "30",
            description = "Seconds to measure of each (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(names = "--report", paramLabel = "FILE", description = "Write the figures as JSON.")
    private @Nullable Path report;

    @Mixin
    private SeedOption seed;

    @Override
    public Integer call() throws IOException {
        LatencyPlan plan = new LatencyPlan(
                RECORDS,
                rate == null ? OptionalDouble.empty() : OptionalDouble.of(rate),
                WARM_UP_SECONDS,
                seconds,
                seed.seed());
        Terminal terminal = Terminal.standard();
        terminal.line("seed %d", seed.seed());
        LatencyReport result = Latency.run(BenchCommand.folder(), plan, terminal);
        Json.write(report, result.fields());
        return 0;
    }
}
