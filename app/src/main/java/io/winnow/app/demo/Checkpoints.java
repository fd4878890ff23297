package io.winnow.app.demo;

import io.winnow.app.Failure;
import io.winnow.core.topic.StreamTopics;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** How far the hygiene job's completed checkpoints reach on the raw topic; it is asked, never joined. */
final class Checkpoints implements AutoCloseable {
    private static final Duration BETWEEN = Duration.ofMillis(200);

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final Set<TopicPartition> raw;

    Checkpoints(StreamTopics topics, Map<String, String> kafka) {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, "winnow-hygiene-" + topics.stream());
        settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        raw = consumer.partitionsFor(topics.raw()).stream()
                .map(p -> new TopicPartition(p.topic(), p.partition()))
                .collect(Collectors.toSet());
        consumer.assign(raw);
        consumer.pause(raw);
    }

    /**
     * Returns when a completed checkpoint covers all that is on the raw topic.
     *
     * @throws Failure if that takes longer than {@code atMost}
     */
    void awaitEnd(Duration atMost) {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!coverAll()) {
            if (System.nanoTime() > deadline) {
                throw new Failure("no checkpoint was completed for " + atMost.toSeconds()
                        + " s; the job's log in the data directory says why");
            }
            // Paused: only passes the time until it is worth asking again.
            consumer.poll(BETWEEN);
        }
    }

    private boolean coverAll() {
        Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(raw);
        return consumer.endOffsets(raw).entrySet().stream().allMatch(end -> {
            OffsetAndMetadata offset = committed.get(end.getKey());
            return end.getValue() == 0 || (offset != null && offset.offset() >= end.getValue());
        });
    }

    @Override
    public void close() {
        consumer.close();
    }
}
