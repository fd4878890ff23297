package io.winnow.app.command;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code winnow cluster}. */
@Command(
        name = "cluster",
        description = "Winnow as real processes on this machine: brokers, Flink, desk, trainer and the rest.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            ClusterUpCommand.class,
            ClusterStatusCommand.class,
            ClusterKillCommand.class,
            ClusterRescaleCommand.class,
            ClusterDownCommand.class,
            ClusterSuperviseCommand.class
        })
public final class ClusterCommand implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(System.out);
    }
}
