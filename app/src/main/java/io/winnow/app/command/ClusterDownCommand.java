package io.winnow.app.command;

import io.winnow.app.cluster.ClusterControl;
import io.winnow.app.terminal.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code winnow cluster down}. */
@Command(
        name = "down",
        description = "Stop all processes in order: nothing is lost, the next start goes on.",
        mixinStandardHelpOptions = true)
public final class ClusterDownCommand implements Callable<Integer> {
    @Mixin
    private DataOption data;

    @Override
    public Integer call() {
        Terminal.standard()
                .line(ClusterControl.down(data.directory()) ? "stopped" : "no cluster runs on " + data.directory());
        return 0;
    }
}
