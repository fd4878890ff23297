package io.winnow.faults.world;

import io.winnow.app.kafka.EmbeddedBroker;
import io.winnow.app.kafka.Ports;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What runs share, started when the first one wants it: a broker and a Flink in this process. */
public final class World implements AutoCloseable {
    private final Path directory;
    private final int port;
    private @Nullable EmbeddedBroker broker;
    private @Nullable FlinkHere flink;

    private World(Path directory) {
        this.directory = directory;
        this.port = Ports.free(0, "the broker");
    }

    /** A world with nothing in it, below the temporary directory. */
    public static World create() throws IOException {
        return new World(Files.createTempDirectory("winnow-faults-"));
    }

    /** Where runs may write. */
    public Path directory() {
        return directory;
    }

    /** The shared broker. */
    public EmbeddedBroker broker() {
        if (broker == null) {
            broker = EmbeddedBroker.start(directory.resolve("kafka"), port);
        }
        return broker;
    }

    /** Stops the shared broker in order; {@link #broker} starts it again on the same log and port. */
    public void stopBroker() {
        if (broker != null) {
            broker.close();
            broker = null;
        }
    }

    /** The shared Flink cluster. */
    public FlinkHere flink() throws Exception {
        if (flink == null) {
            flink = FlinkHere.start();
        }
        return flink;
    }

    @Override
    public void close() throws Exception {
        if (flink != null) {
            flink.close();
        }
        stopBroker();
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
