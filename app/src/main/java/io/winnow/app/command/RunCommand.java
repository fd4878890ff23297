package io.winnow.app.command;

import io.winnow.app.cluster.ClusterControl;
import io.winnow.app.config.RunConfig;
import io.winnow.app.config.RunConfigReader;
import io.winnow.app.home.DataDirectory;
import io.winnow.app.home.Logs;
import io.winnow.app.system.Platform;
import io.winnow.app.terminal.Terminal;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code winnow run}. */
@Command(
        name = "run",
        description = "Run all parts for the streams of a configuration, until Ctrl-C or 'winnow stop'.",
        mixinStandardHelpOptions = true)
public final class RunCommand implements Callable<Integer> {
    @Option(
            names = "--config",
            required = true,
            paramLabel = "FILE",
            description = "A configuration (streams, data, kafka, flink, trainer, ports), or a bare contract.")
    private Path file;

    @Mixin
    private TakeOverOption takeOver;

    @Mixin
    private DataOption data;

    @Mixin
    private SeedOption seed;

    @Override
    public Integer call() throws InterruptedException {
        RunConfig config = RunConfigReader.read(file);
        Terminal terminal = Terminal.standard();
        Path root = data.directory(config.data());
        ClusterControl.refuseCluster(root);
        try (Lifetime lifetime = new Lifetime();
                DataDirectory directory = DataDirectory.open(root)) {
            Logs.toFile(directory.logs(), "winnow");
            terminal.line("starting (seed %d, data in %s)", seed.seed(), directory.root());
            try (Platform platform =
                    Platform.start(config, directory, seed.seed(), takeOver.isWanted(), terminal::line)) {
                Addresses.print(terminal, platform, directory);
                try {
                    lifetime.await(platform.failure());
                } finally {
                    terminal.line("stopping");
                }
            }
        }
        return 0;
    }
}
