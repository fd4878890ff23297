package io.winnow.app.demo;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Reads whole topics, what is committed of them, without a consumer group. */
final class TopicReader implements AutoCloseable {
    private final KafkaConsumer<byte[], byte[]> consumer;

    private TopicReader(KafkaConsumer<byte[], byte[]> consumer) {
        this.consumer = consumer;
    }

    /** Reads from the beginning. */
    static TopicReader fromBeginning(Map<String, String> kafka, String... topics) {
        TopicReader reader = assigned(kafka, topics);
        reader.consumer.seekToBeginning(reader.consumer.assignment());
        return reader;
    }

    /** Reads what is written from now on. */
    static TopicReader fromEnd(Map<String, String> kafka, String... topics) {
        TopicReader reader = assigned(kafka, topics);
        reader.consumer.seekToEnd(reader.consumer.assignment());
        // A seek waits for the next poll; what is written in between would be passed over.
        reader.consumer.assignment().forEach(reader.consumer::position);
        return reader;
    }

    private static TopicReader assigned(Map<String, String> kafka, String... topics) {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 2_000);
        KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        List<TopicPartition> partitions = Stream.of(topics)
                .flatMap(t -> consumer.partitionsFor(t).stream())
                .map(p -> new TopicPartition(p.topic(), p.partition()))
                .toList();
        consumer.assign(partitions);
        return new TopicReader(consumer);
    }

    /** Reads what is there, waiting this long at most for anything. */
    void poll(Duration wait, Consumer<ConsumerRecord<byte[], byte[]>> sink) {
        consumer.poll(wait).forEach(sink);
    }

    @Override
    public void close() {
        consumer.close();
    }
}
