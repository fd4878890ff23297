package io.winnow.app.kafka;

import io.winnow.app.Failure;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A real Kafka broker and its KRaft controller in this JVM, on 127.0.0.1 only. Its log outlives it: a broker started on
 * the same directory, be it after a stop or after kill -9, goes on with the same records.
 */
public final class EmbeddedBroker implements AutoCloseable {
    /** The largest batch that {@code S.raw} takes: values of 4 MiB and room for key, headers and framing. */
    public static final int RAW_MESSAGE_BYTES = (4 << 20) + (64 << 10);

    /** A sleeping laptop may take this long between a transaction's pre-commit and its commit. */
    public static final long TRANSACTION_TIMEOUT_MS = TimeUnit.DAYS.toMillis(7);

    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedBroker.class);
    /** With less than this left, a disk takes no further segment. */
    private static final long FULL_BYTES = 16L << 20;

    private final KafkaRaftServer server;
    private final int port;

    private EmbeddedBroker(KafkaRaftServer server, int port) {
        this.server = server;
        this.port = port;
    }

    /**
     * Starts a broker and returns when it serves.
     *
     * @param directory its log; made and formatted if it is new
     * @param port the port for clients, free
     * @throws Failure if the directory cannot be used or the port is taken
     */
    public static EmbeddedBroker start(Path directory, int port) {
        return start(KafkaNode.alone(directory, port, Ports.free(0, "Kafka's controller")));
    }

    /**
     * Starts one node of a cluster; returns when it has joined, for which most of the nodes must be there.
     *
     * @throws Failure if the directory cannot be used or a port is taken
     */
    public static EmbeddedBroker start(KafkaNode node) {
        Path directory = node.directory();
        format(node);
        Exit.setHaltProcedure((status, message) -> halt(directory));
        KafkaRaftServer server = null;
        try {
            server = new KafkaRaftServer(new KafkaConfig(node.settings(), false), Time.SYSTEM);
            server.startup();
            return new EmbeddedBroker(server, node.port());
        } catch (RuntimeException e) {
            if (server != null) {
                stop(server);
            }
            throw new Failure(
                    "the embedded Kafka broker did not start on port " + node.port() + " with its log in " + directory
                            + ": " + e.getMessage(),
                    e);
        }
    }

    /**
     * Kafka ends its process, and so ours, when it can no longer write its log; it does so without a word that helps.
     * What it acknowledged is on disk, as after kill -9.
     */
    private static void halt(Path directory) {
        String line = haltLine(directory, directory.toFile().getUsableSpace());
        LOG.warn("{}", line);
        System.err.println("winnow: " + line);
        Runtime.getRuntime().halt(1);
    }

    static String haltLine(Path directory, long usableBytes) {
        return usableBytes < FULL_BYTES
                ? "the disk of " + directory
                        + " is full, so the embedded Kafka broker cannot go on; nothing that it took"
                        + " is lost: free some space and start again"
                : "the embedded Kafka broker cannot go on with its log in " + directory
                        + "; nothing that it took is lost: the log says why, mend that and start again";
    }

    /** Client settings that reach this broker. */
    public Map<String, String> clientSettings() {
        return Map.of("bootstrap.servers", bootstrap());
    }

    /** {@code host:port}. */
    public String bootstrap() {
        return Ports.LOOPBACK + ":" + port;
    }

    /** Flushes its log and stops. */
    @Override
    public void close() {
        stop(server);
    }

    private static void stop(KafkaRaftServer server) {
        try {
            server.shutdown();
            server.awaitShutdown();
        } catch (RuntimeException e) {
            LOG.warn("the embedded broker did not stop in order: {}", e.toString());
        }
    }

    private static void format(KafkaNode node) {
        Path directory = node.directory();
        if (Files.exists(directory.resolve("meta.properties"))) {
            return;
        }
        try {
            Files.createDirectories(directory);
            new Formatter()
                    .setPrintStream(new PrintStream(OutputStream.nullOutputStream()))
                    .setNodeId(node.id())
                    .setClusterId(node.cluster())
                    .setControllerListenerName("CONTROLLER")
                    .setMetadataLogDirectory(directory.toString())
                    .addDirectory(directory.toString())
                    .run();
        } catch (IOException e) {
            throw new Failure(directory + " cannot be written (" + e + "); give another --data directory", e);
        } catch (Exception e) {
            throw new Failure("the embedded broker's log " + directory + " cannot be formatted: " + e.getMessage(), e);
        }
    }
}
