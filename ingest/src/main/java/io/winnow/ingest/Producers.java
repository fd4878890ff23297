package io.winnow.ingest;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Makes the producer that nothing is lost or doubled with. */
public final class Producers {
    /** Values of 4 MiB, the most that a raw topic of ours takes, with room for keys and framing. */
    private static final int MAX_REQUEST_BYTES = (4 << 20) + (64 << 10);

    private Producers() {}

    static Producer<byte[], byte[]> create(IngestPlan plan) {
        return new KafkaProducer<>(settings(plan), new ByteArraySerializer(), new ByteArraySerializer());
    }

    static Map<String, Object> settings(IngestPlan plan) {
        return settings("winnow-ingest-" + plan.stream(), plan.kafka());
    }

    /**
     * Producer settings: ours, then the user's, then what must hold whatever the user says.
     *
     * @param clientId what brokers know the producer by
     * @param kafka the user's client properties
     */
    public static Map<String, Object> settings(String clientId, Map<String, String> kafka) {
        Map<String, Object> settings = new HashMap<>();
        settings.put(ProducerConfig.CLIENT_ID_CONFIG, clientId);
        // On a partition whose leader is just being elected, a first batch that is refused for now and a second that is
        // not never come into order again: the run would end after the delivery timeout. One request at a time costs
        // nothing measurable here, as each carries batches of all partitions.
        settings.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 20);
        settings.put(ProducerConfig.BATCH_SIZE_CONFIG, 131_072);
        settings.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        settings.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_REQUEST_BYTES);
        settings.putAll(kafka);
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        return settings;
    }
}
