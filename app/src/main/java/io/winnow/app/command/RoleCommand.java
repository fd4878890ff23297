package io.winnow.app.command;

import io.winnow.app.cluster.RoleMain;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code winnow role}: what {@code winnow cluster} spawns, one process of a plan that was written down. */
@Command(name = "role", hidden = true)
public final class RoleCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(RoleCommand.class);

    @Parameters(paramLabel = "ROLE")
    private String role;

    @Mixin
    private DataOption data;

    @Override
    public Integer call() throws IOException, InterruptedException {
        RoleMain.Running running = RoleMain.start(data.directory(), role);
        try (Lifetime lifetime = new Lifetime()) {
            try {
                lifetime.await(running.failure());
            } finally {
                close(running.part());
            }
        }
        return 0;
    }

    private static void close(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception e) {
            LOG.warn("while stopping: {}", e.toString());
        }
    }
}
