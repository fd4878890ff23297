package io.winnow.app.command;

import io.winnow.app.cluster.ClusterControl;
import io.winnow.app.cluster.ClusterState;
import io.winnow.app.terminal.Terminal;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code winnow cluster status}. */
@Command(
        name = "status",
        description = "Show each process and job; exit 0 only when all is up.",
        mixinStandardHelpOptions = true)
public final class ClusterStatusCommand implements Callable<Integer> {
    @Mixin
    private DataOption data;

    @Option(names = "--report", paramLabel = "FILE", description = "Write the state as JSON.")
    private @Nullable Path report;

    @Override
    public Integer call() {
        Terminal terminal = Terminal.standard();
        Optional<ClusterState> state = ClusterControl.status(data.directory());
        if (state.isEmpty()) {
            terminal.line("no cluster runs on %s", data.directory());
            return 1;
        }
        Json.write(report, state.get());
        ClusterTable.print(terminal, state.get());
        if (!ClusterControl.isWatched(data.directory())) {
            terminal.line("nobody watches these processes any more; stop them with 'winnow cluster down'");
            return 1;
        }
        return state.get().isWhole() ? 0 : 1;
    }
}
