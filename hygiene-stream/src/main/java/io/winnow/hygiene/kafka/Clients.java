package io.winnow.hygiene.kafka;

import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Kafka clients of bytes, from the plain properties that a stream is given. */
final class Clients {
    private Clients() {}

    /** A consumer that is told what to read: in no group, unless {@code more} names one to look up offsets. */
    static Consumer<byte[], byte[]> consumer(Map<String, String> kafka, Map<String, String> more) {
        Map<String, Object> all = new HashMap<>(kafka);
        all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        all.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        all.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        all.putAll(more);
        return new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** Properties: the preferred ones give way to those given, the fixed ones do not. */
    static Properties properties(Map<String, String> preferred, Map<String, String> given, Map<String, String> fixed) {
        Properties all = new Properties();
        all.putAll(preferred);
        all.putAll(given);
        all.putAll(fixed);
        return all;
    }
}
