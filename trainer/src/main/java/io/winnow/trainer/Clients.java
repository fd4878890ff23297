package io.winnow.trainer;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * The trainer's Kafka clients.
 *
 * @param registry of cards and promotions, followed all the time
 * @param clean read all the time
 * @param producer of cards and promotions
 */
record Clients(Consumer<byte[], byte[]> registry, Consumer<byte[], byte[]> clean, Producer<byte[], byte[]> producer)
        implements AutoCloseable {

    static Clients connect(Map<String, String> kafka) {
        return new Clients(consumer(kafka), consumer(kafka), producer(kafka));
    }

    /** A consumer of what is committed, in no group. */
    static Consumer<byte[], byte[]> consumer(Map<String, String> kafka) {
        Map<String, Object> consumer = new HashMap<>(kafka);
        consumer.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        consumer.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        // Where retention has eaten the place that was asked for, the oldest that is left serves.
        consumer.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        consumer.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 5_000);
        consumer.remove(ConsumerConfig.GROUP_ID_CONFIG);
        return new KafkaConsumer<>(consumer, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** A producer whose records are on all replicas when it says so. */
    static Producer<byte[], byte[]> producer(Map<String, String> kafka) {
        Map<String, Object> producer = new HashMap<>(kafka);
        producer.put(ProducerConfig.ACKS_CONFIG, "all");
        producer.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        return new KafkaProducer<>(producer, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Ends a poll that is under way. */
    void wakeup() {
        registry.wakeup();
        clean.wakeup();
    }

    @Override
    public void close() {
        registry.close();
        clean.close();
        producer.close();
    }
}
