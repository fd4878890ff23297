package io.winnow.app.command;

import io.winnow.app.cluster.ClusterControl;
import io.winnow.app.terminal.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code winnow cluster down}. */
@Command(
        name = "down",
        description = "Stop all processes in order: nothing is lost, the next start goes on.",
        mixinStandardHelpOptions = true)
public final class ClusterDownCommand implements Callable<Integer> {
    @Mixin
    private DataOption data;

    @Option(
            names = "--savepoint",
            description = "Stop jobs with savepoints, which stay until somebody deletes them: before an upgrade.")
    private boolean savepoint;

    @Override
    public Integer call() {
        if (savepoint) {
            ClusterControl.downWithSavepoints(data.directory())
                    .forEach((stream, path) -> Terminal.standard().line("savepoint of %s: %s", stream, path));
            Terminal.standard().line("stopped");
            return 0;
        }
        Terminal.standard()
                .line(ClusterControl.down(data.directory()) ? "stopped" : "no cluster runs on " + data.directory());
        return 0;
    }
}
