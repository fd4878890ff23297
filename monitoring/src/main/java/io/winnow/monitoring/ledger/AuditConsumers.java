package io.winnow.monitoring.ledger;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;

/** Makes consumers that read headers and offsets, and copy neither keys nor values. */
public final class AuditConsumers {
    private static final byte[] NOTHING = {};

    private static final Deserializer<byte[]> SKIPPING = new Deserializer<>() {
        @Override
        public byte[] deserialize(String topic, byte[] data) {
            return NOTHING;
        }

        @Override
        public byte[] deserialize(String topic, Headers headers, ByteBuffer data) {
            return NOTHING;
        }
    };

    private AuditConsumers() {}

    /** Reads what is committed; in the hygiene job's group to learn its offsets, without ever joining it. */
    public static Consumer<byte[], byte[]> committed(String stream, Map<String, String> kafka) {
        Map<String, Object> settings = settings(kafka);
        settings.put(ConsumerConfig.CLIENT_ID_CONFIG, "winnow-audit-" + stream);
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, "winnow-hygiene-" + stream);
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        return new KafkaConsumer<>(settings, SKIPPING, SKIPPING);
    }

    /** Sees the ends of partitions, open transactions included. */
    public static Consumer<byte[], byte[]> uncommitted(String stream, Map<String, String> kafka) {
        Map<String, Object> settings = settings(kafka);
        settings.put(ConsumerConfig.CLIENT_ID_CONFIG, "winnow-audit-ends-" + stream);
        settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_uncommitted");
        return new KafkaConsumer<>(settings, SKIPPING, SKIPPING);
    }

    private static Map<String, Object> settings(Map<String, String> kafka) {
        Map<String, Object> settings = new HashMap<>();
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5_000);
        settings.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 4 << 20);
        settings.putAll(kafka);
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        return settings;
    }
}
