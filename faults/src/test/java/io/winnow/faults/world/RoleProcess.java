package io.winnow.faults.world;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.winnow.app.kafka.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The desk or the ledger of a run in a process of its own, started again on the same state and port. */
public final class RoleProcess implements AutoCloseable {
    /** What a POST to the desk must bring. */
    public static final String TOKEN = "a-token-of-the-fault-suite";

    private static final Duration PATIENCE = Duration.ofSeconds(120);

    private final String role;
    private final Path directory;
    private final int port;
    private Child child;
    private int starts;

    private RoleProcess(String role, Path directory, int port) throws IOException {
        this.role = role;
        this.directory = directory;
        this.port = port;
        this.child = spawn();
    }

    /** Starts {@code desk} or {@code ledger} for a run's stream, and returns when it answers. */
    public static RoleProcess start(String role, Run run) throws Exception {
        int port = Ports.free(0, "a role");
        Path directory = Files.createDirectories(run.directory().resolve(role));
        Files.write(
                directory.resolve("order.json"),
                new ObjectMapper()
                        .writeValueAsBytes(Map.of(
                                "stream", run.stream(),
                                "yaml", run.yaml(),
                                "bootstrap", run.kafka().get("bootstrap.servers"),
                                "state", directory.resolve("state").toString(),
                                "token", TOKEN,
                                "port", port)));
        RoleProcess process = new RoleProcess(role, directory, port);
        run.closing(process);
        process.awaitUp();
        return process;
    }

    private Child spawn() throws IOException {
        starts++;
        return Child.start(
                RoleMain.class,
                "384m",
                directory.resolve("out.txt"),
                Map.of(),
                List.of(role, directory.resolve("order.json").toString()));
    }

    private void awaitUp() throws Exception {
        child.awaitSaid(RoleMain.ANSWERS + port, starts, PATIENCE);
    }

    /** Where it answers. */
    public int port() {
        return port;
    }

    /** SIGKILL. */
    public void kill() throws InterruptedException {
        child.kill();
    }

    /** Starts it again, and returns when it answers. */
    public void restart() throws Exception {
        child = spawn();
        awaitUp();
    }

    @Override
    public void close() throws InterruptedException {
        child.close();
    }
}
