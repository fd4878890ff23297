package io.winnow.app.demo;

import io.winnow.app.Failure;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Sends the grid's records as any producer would, and notes where each lies once it is acknowledged. */
final class GridSender implements AutoCloseable {
    private final String topic;
    private final FaultInjector records;
    private final Truth truth;
    private final KafkaProducer<byte[], byte[]> producer;
    private final AtomicReference<@Nullable Exception> error = new AtomicReference<>();

    GridSender(String topic, Map<String, String> kafka, FaultInjector records, Truth truth) {
        this.topic = topic;
        this.records = records;
        this.truth = truth;
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        // The truth counts a partition's offsets upwards.
        settings.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 20);
        producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /**
     * Sends record number {@code n}.
     *
     * @throws Failure if this or an earlier record was not taken
     */
    void send(long n) {
        FaultInjector.Sent sent = records.at(n);
        try {
            producer.send(
                    new ProducerRecord<>(topic, sent.key().getBytes(StandardCharsets.UTF_8), sent.value()),
                    (where, e) -> {
                        if (e != null) {
                            error.compareAndSet(null, e);
                        } else {
                            truth.sent(where.partition(), where.offset(), sent.fault());
                        }
                    });
        } catch (KafkaException e) {
            throw refused(e);
        }
        check();
    }

    /** Returns when all is acknowledged. */
    void flush() {
        producer.flush();
        check();
    }

    private void check() {
        Exception e = error.get();
        if (e != null) {
            throw refused(e);
        }
    }

    private Failure refused(Exception e) {
        return new Failure(
                "Kafka did not take a record on " + topic + " (" + e.getMessage() + "); the broker's log says why", e);
    }

    @Override
    public void close() {
        producer.close();
    }
}
