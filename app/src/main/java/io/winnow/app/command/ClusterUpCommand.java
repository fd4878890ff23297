package io.winnow.app.command;

import io.winnow.app.cluster.ClusterControl;
import io.winnow.app.cluster.ClusterOrder;
import io.winnow.app.cluster.ClusterState;
import io.winnow.app.cluster.ClusterState.RoleState;
import io.winnow.app.config.RunConfig;
import io.winnow.app.config.RunConfigReader;
import io.winnow.app.terminal.Terminal;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code winnow cluster up}. */
@Command(
        name = "up",
        description = "Start all processes; returns when each answers and every job runs.",
        mixinStandardHelpOptions = true)
public final class ClusterUpCommand implements Callable<Integer> {
    @Option(
            names = "--config",
            required = true,
            paramLabel = "FILE",
            description = "A configuration (streams, data, flink, trainer, ports), or a bare contract.")
    private Path file;

    @Option(
            names = "--brokers",
            paramLabel = "1|3",
            defaultValue = "1",
            description = "Kafka brokers; with 3, one may be away (default: ${DEFAULT-VALUE}).")
    private int brokers;

    @Option(
            names = "--taskmanagers",
            paramLabel = "N",
            defaultValue = "2",
            description = "Flink TaskManagers (default: ${DEFAULT-VALUE}).")
    private int taskManagers;

    @Mixin
    private TakeOverOption takeOver;

    @Mixin
    private DataOption data;

    @Mixin
    private SeedOption seed;

    @Option(names = "--report", paramLabel = "FILE", description = "Write the state as JSON.")
    private @Nullable Path report;

    @Override
    public Integer call() throws InterruptedException {
        RunConfig config = RunConfigReader.read(file);
        Terminal terminal = Terminal.standard();
        Path directory = data.directory(config.data());
        terminal.line("starting (seed %d, data in %s)", seed.seed(), directory);
        ClusterState state = ClusterControl.up(
                new ClusterOrder(config, directory, brokers, taskManagers, ClusterOrder.ALL_EXTRAS, seed.seed()),
                takeOver.isWanted(),
                s -> terminal.line("%s", progress(s)));
        Json.write(report, state);
        ClusterTable.print(terminal, state);
        terminal.line("token of every POST: %s", directory.resolve("token"));
        terminal.line("logs: %s", directory.resolve("cluster"));
        return 0;
    }

    private static String progress(ClusterState state) {
        long up = state.roles().stream().filter(r -> r.state() == RoleState.UP).count();
        String jobs = state.jobs().stream()
                .map(j -> "job " + j.stream() + " " + j.state().toLowerCase(java.util.Locale.ROOT))
                .collect(Collectors.joining(", "));
        return up + " of " + state.roles().size() + " processes answer, " + jobs;
    }
}
