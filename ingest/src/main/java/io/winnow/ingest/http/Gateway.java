package io.winnow.ingest.http;

import io.javalin.util.JavalinBindException;
import io.winnow.core.contract.Contract;
import io.winnow.ingest.MonotonicTime;
import io.winnow.ingest.Producers;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running HTTP gateway. Close it to stop: what it has taken is written and answered first. */
public final class Gateway implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Gateway.class);
    /** A gateway that was killed holds up readers of what is committed for this long, unless it is started again sooner. */
    private static final String TRANSACTION_MILLIS = "60000";
    /** For each stream. */
    private static final long CLIENTS_BYTES = 16L << 20;

    private final List<StreamWriter> writers;
    private final GatewayServer server;
    private final CompletableFuture<String> takenOver;

    private Gateway(List<StreamWriter> writers, GatewayServer server, CompletableFuture<String> takenOver) {
        this.writers = writers;
        this.server = server;
        this.takenOver = takenOver;
    }

    /** Makes the log that a stream is written to. */
    interface Logs {
        RequestLog open(String stream, GatewayTopics.Of topics);
    }

    /**
     * Starts a gateway, and returns once it takes requests. The streams' raw topics must exist. A gateway that writes one
     * of the streams already is cut off from it.
     *
     * @throws GatewayStartException if Kafka cannot be reached, a topic is missing or the port is taken
     */
    public static Gateway start(GatewayConfig config) {
        String self = UUID.randomUUID().toString();
        return start(config, (stream, topics) -> kafkaLog(stream, topics, config, self));
    }

    static RequestLog kafkaLog(String stream, GatewayTopics.Of topics, GatewayConfig config, String self) {
        return kafkaLog(topics, config, self, () -> producer(stream, topics, config));
    }

    static RequestLog kafkaLog(
            GatewayTopics.Of topics, GatewayConfig config, String self, Supplier<Producer<byte[], byte[]>> producers) {
        return new KafkaRequestLog(topics, self, CLIENTS_BYTES, producers, consumers(config));
    }

    static Gateway start(GatewayConfig config, Logs logs) {
        CompletableFuture<String> takenOver = new CompletableFuture<>();
        List<StreamWriter> writers = new ArrayList<>();
        Map<String, GatewayServer.Lane> lanes = new HashMap<>();
        try (GatewayTopics topics = new GatewayTopics(config.kafka())) {
            for (Map.Entry<String, Optional<Contract>> entry : config.streams().entrySet()) {
                String stream = entry.getKey();
                GatewayTopics.Of of = topics.ensure(stream);
                StreamWriter writer = new StreamWriter(stream, logs.open(stream, of), () -> takenOver.complete(stream));
                writers.add(writer);
                lanes.put(stream, new GatewayServer.Lane(entry.getValue(), of.recordBytes(), writer));
            }
            GatewayServer server = new GatewayServer(
                    lanes,
                    config.limits(),
                    new Budget(config.limits().memoryBytes()),
                    config.token(),
                    config.port(),
                    MonotonicTime.system());
            LOG.info("gateway of {} on http://127.0.0.1:{}/", lanes.keySet(), server.port());
            return new Gateway(writers, server, takenOver);
        } catch (RuntimeException e) {
            writers.forEach(StreamWriter::close);
            throw e instanceof GatewayStartException known ? known : new GatewayStartException(why(config, e), e);
        }
    }

    private static String why(GatewayConfig config, RuntimeException e) {
        if (e instanceof JavalinBindException) {
            return "port " + config.port() + " is in use; give the gateway another one, or 0 for any";
        }
        Throwable cause = e instanceof KafkaException && e.getCause() != null ? e.getCause() : e;
        return "the gateway cannot start: " + cause.getMessage();
    }

    static Producer<byte[], byte[]> producer(String stream, GatewayTopics.Of topics, GatewayConfig config) {
        Map<String, Object> settings = Producers.settings("winnow-gateway-" + stream, patient(config.kafka()));
        settings.put(ProducerConfig.BATCH_SIZE_CONFIG, Math.min(131_072, topics.recordBytes()));
        settings.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, "winnow-gateway-" + stream);
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Long enough for a partition to find another leader, and short enough that a client is told in time. */
    private static Map<String, String> patient(Map<String, String> kafka) {
        Map<String, String> settings = new HashMap<>();
        settings.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_MILLIS);
        settings.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, "20000");
        settings.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, "10000");
        settings.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, "20000");
        settings.putAll(kafka);
        return settings;
    }

    static Supplier<Consumer<byte[], byte[]>> consumers(GatewayConfig config) {
        Map<String, Object> settings = new HashMap<>(config.kafka());
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        return () -> new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** The port that records, metrics and health are served on, on 127.0.0.1. */
    public int port() {
        return server.port();
    }

    /** Completes with a stream's name when another gateway has taken it over: this one is of no use for it any more. */
    public CompletableFuture<String> takenOver() {
        return takenOver;
    }

    @Override
    public void close() {
        // Writers first: they refuse what comes now, and what they have taken is written before its connection goes.
        writers.forEach(StreamWriter::close);
        server.close();
    }
}
