package io.winnow.app.command;

import io.winnow.app.config.RunConfig;
import io.winnow.app.config.RunConfig.PortSettings;
import io.winnow.app.demo.Demo;
import io.winnow.app.demo.DemoOptions;
import io.winnow.app.demo.DemoReport;
import io.winnow.app.home.DataDirectory;
import io.winnow.app.home.Logs;
import io.winnow.app.system.Platform;
import io.winnow.app.terminal.Terminal;
import io.winnow.core.contract.ContractReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code winnow demo}. */
@Command(
        name = "demo",
        description = "Run everything embedded on a simulated electricity grid with known, injected faults.",
        mixinStandardHelpOptions = true)
public final class DemoCommand implements Callable<Integer> {
    private static final Duration MODEL_WAIT = Duration.ofSeconds(150);

    @Option(
            names = "--records",
            paramLabel = "N",
            defaultValue = "50000",
            description = "How many records to send (default: ${DEFAULT-VALUE}).")
    private int records;

    @Option(names = "--once", description = "End when every record has its verdict, instead of running on.")
    private boolean once;

    @Option(
            names = "--rate",
            paramLabel = "R",
            defaultValue = "2500",
            description = "Records sent a second, a fifth of it at first (default: ${DEFAULT-VALUE}).")
    private double rate;

    @Option(names = "--port", paramLabel = "P", description = "Port of the review desk (default: 8080 or any).")
    private @Nullable Integer port;

    @Option(names = "--report", paramLabel = "FILE", description = "Write the figures as JSON.")
    private @Nullable Path report;

    @Mixin
    private DataOption data;

    @Mixin
    private SeedOption seed;

    @Override
    public Integer call() throws InterruptedException {
        String yaml = Demo.contractYaml();
        OptionalInt desk = port == null ? OptionalInt.empty() : OptionalInt.of(port);
        RunConfig config = RunConfig.of(ContractReader.parse(yaml, "the demo's contract"), yaml)
                .withPorts(new PortSettings(OptionalInt.empty(), desk, OptionalInt.empty()));
        Terminal terminal = Terminal.standard();
        try (Lifetime lifetime = new Lifetime();
                DataDirectory directory = DataDirectory.open(data.directory())) {
            Logs.toFile(directory.logs(), "winnow");
            terminal.line("Winnow demo: %,d records of a simulated grid (seed %d)", records, seed.seed());
            terminal.line(
                    terminal.dim("starting Kafka, Flink, the trainer and the review desk in " + directory.root()));
            try (Platform platform = Platform.start(config, directory, seed.seed(), terminal::line)) {
                DemoReport result = Demo.run(
                        new DemoOptions(records, seed.seed(), rate, MODEL_WAIT),
                        platform.kafka(),
                        platform.failure(),
                        terminal);
                result.table(terminal).forEach(terminal::line);
                if (report != null) {
                    result.write(report);
                }
                if (!once) {
                    Addresses.print(terminal, platform, directory);
                    try {
                        lifetime.await(platform.failure());
                    } finally {
                        terminal.line("stopping");
                    }
                }
                return result.conserved() ? 0 : 1;
            }
        }
    }
}
