package io.winnow.app.command;

import io.winnow.app.cluster.ClusterJobs;
import io.winnow.app.terminal.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code winnow cluster rescale}. */
@Command(
        name = "rescale",
        description = "Stop jobs with a savepoint and go on from it at another parallelism.",
        mixinStandardHelpOptions = true)
public final class ClusterRescaleCommand implements Callable<Integer> {
    @Option(names = "--parallelism", required = true, paramLabel = "N", description = "Judging subtasks of each job.")
    private int parallelism;

    @Mixin
    private DataOption data;

    @Override
    public Integer call() throws InterruptedException {
        ClusterJobs.rescale(data.directory(), parallelism)
                .forEach((stream, path) -> Terminal.standard()
                        .line("the job of %s runs at parallelism %d, from %s", stream, parallelism, path));
        return 0;
    }
}
