package io.winnow.faults.world;

import io.winnow.app.kafka.Ports;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/** A broker in this process, not Winnow's own: one that aborts transactions that are open for a few seconds. */
public final class ShortBroker implements AutoCloseable {
    private final KafkaRaftServer server;
    private final int port;

    private ShortBroker(KafkaRaftServer server, int port) {
        this.server = server;
        this.port = port;
    }

    /** Starts one that allows no transaction to stay open for longer than this. */
    public static ShortBroker start(Path directory, int transactionMillis) throws Exception {
        int port = Ports.free(0, "a broker");
        int controller = Ports.free(0, "a controller");
        new Formatter()
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream()))
                .setNodeId(1)
                .setClusterId(Uuid.randomUuid().toString())
                .setControllerListenerName("CONTROLLER")
                .setMetadataLogDirectory(directory.toString())
                .addDirectory(directory.toString())
                .run();
        Map<String, String> settings = Map.ofEntries(
                Map.entry("process.roles", "broker,controller"),
                Map.entry("node.id", "1"),
                Map.entry("controller.quorum.voters", "1@127.0.0.1:" + controller),
                Map.entry("listeners", "PLAINTEXT://127.0.0.1:" + port + ",CONTROLLER://127.0.0.1:" + controller),
                Map.entry("controller.listener.names", "CONTROLLER"),
                Map.entry("listener.security.protocol.map", "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT"),
                Map.entry("log.dirs", directory.toString()),
                Map.entry("offsets.topic.replication.factor", "1"),
                Map.entry("offsets.topic.num.partitions", "1"),
                Map.entry("transaction.state.log.replication.factor", "1"),
                Map.entry("transaction.state.log.min.isr", "1"),
                Map.entry("transaction.state.log.num.partitions", "1"),
                Map.entry("group.initial.rebalance.delay.ms", "0"),
                Map.entry("auto.create.topics.enable", "false"),
                Map.entry("message.max.bytes", String.valueOf(8 << 20)),
                Map.entry("transaction.max.timeout.ms", String.valueOf(transactionMillis)),
                Map.entry("transaction.abort.timed.out.transaction.cleanup.interval.ms", "500"),
                Map.entry("log.cleaner.dedupe.buffer.size", String.valueOf(2 << 20)));
        KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(settings, false), Time.SYSTEM);
        server.startup();
        return new ShortBroker(server, port);
    }

    /** Client settings that reach it. */
    public Map<String, String> kafka() {
        return Map.of("bootstrap.servers", Ports.LOOPBACK + ":" + port);
    }

    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
    }
}
