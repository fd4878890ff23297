package io.winnow.app.command;

import io.winnow.app.cluster.ClusterControl;
import io.winnow.app.terminal.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code winnow cluster kill}. */
@Command(
        name = "kill",
        description = "Kill a process (SIGKILL), to see what becomes of it: it is started again, and nothing is lost.",
        mixinStandardHelpOptions = true)
public final class ClusterKillCommand implements Callable<Integer> {
    @Parameters(
            paramLabel = "ROLE",
            description = "As 'winnow cluster status' shows it: broker-2, jobmanager, taskmanager-1, desk, ...")
    private String role;

    @Mixin
    private DataOption data;

    @Override
    public Integer call() {
        long pid = ClusterControl.kill(data.directory(), role);
        Terminal.standard().line("killed %s (process %d)", role, pid);
        return 0;
    }
}
