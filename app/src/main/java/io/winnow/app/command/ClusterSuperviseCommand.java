package io.winnow.app.command;

import io.winnow.app.Failure;
import io.winnow.app.cluster.ClusterControl;
import io.winnow.app.cluster.LocalCluster;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code winnow cluster supervise}: the process that {@code winnow cluster up} leaves behind. */
@Command(name = "supervise", hidden = true)
public final class ClusterSuperviseCommand implements Callable<Integer> {
    @Mixin
    private TakeOverOption takeOver;

    @Mixin
    private DataOption data;

    @Override
    public Integer call() throws InterruptedException {
        try (Lifetime lifetime = new Lifetime();
                LocalCluster cluster = ClusterControl.supervise(data.directory(), takeOver.isWanted())) {
            lifetime.await(new CompletableFuture<Failure>());
        }
        return 0;
    }
}
