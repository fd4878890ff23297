package io.winnow.faults.world;

import io.winnow.app.kafka.Ports;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Winnow's broker in a process of its own, started again on the same log and port as often as wanted. */
public final class BrokerProcess implements AutoCloseable {
    static final String SERVES = "the broker serves";

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final Path directory;
    private final int port;
    private Child child;
    private int starts;

    private BrokerProcess(Path directory, int port) throws IOException {
        this.directory = directory;
        this.port = port;
        this.child = spawn();
    }

    /** Starts one with its log in a directory, and returns when it serves. */
    public static BrokerProcess start(Path directory) throws Exception {
        BrokerProcess broker = new BrokerProcess(directory, Ports.free(0, "a broker to be harmed"));
        broker.child.awaitSaid(SERVES, broker.starts, PATIENCE);
        return broker;
    }

    private Child spawn() throws IOException {
        starts++;
        return Child.start(
                BrokerMain.class,
                "512m",
                directory.resolveSibling(directory.getFileName() + ".out"),
                Map.of(),
                List.of(directory.toString(), String.valueOf(port)));
    }

    /** Client settings that reach it. */
    public Map<String, String> kafka() {
        return Map.of("bootstrap.servers", Ports.LOOPBACK + ":" + port);
    }

    /** The process as it is now. */
    public Child process() {
        return child;
    }

    /** SIGKILL, and after a while another process on the same log; returns when that serves. */
    public void killAndRestart(Duration away) throws Exception {
        child.kill();
        Thread.sleep(away.toMillis());
        restart();
    }

    /** Another process on the same log, where the last one has ended; returns when it serves. */
    public void restart() throws Exception {
        child = spawn();
        child.awaitSaid(SERVES, starts, PATIENCE);
    }

    @Override
    public void close() throws InterruptedException {
        child.close();
    }
}
