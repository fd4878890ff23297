package io.winnow.hygiene.kafka;

import io.winnow.core.topic.RecordId;
import io.winnow.hygiene.learn.RawLookup;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Reads single records of the raw topic. */
final class KafkaRawLookup implements RawLookup {
    private static final long serialVersionUID = 1;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration POLL = Duration.ofMillis(200);

    private final HashMap<String, String> kafka;
    private final String topic;

    KafkaRawLookup(Map<String, String> kafka, String topic) {
        this.kafka = new HashMap<>(kafka);
        this.topic = topic;
    }

    @Override
    public Fetcher open() {
        return new Open(
                topic,
                Clients.consumer(
                        kafka,
                        Map.of(
                                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                                "read_committed",
                                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                                "1",
                                ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
                                "65536")));
    }

    private record Open(String topic, Consumer<byte[], byte[]> consumer) implements Fetcher {
        @Override
        public byte @Nullable [] fetch(RecordId id) {
            if (!id.topic().equals(topic)
                    || id.partition() >= consumer.partitionsFor(topic).size()) {
                return null;
            }
            TopicPartition partition = new TopicPartition(topic, id.partition());
            List<TopicPartition> one = List.of(partition);
            consumer.assign(one);
            long first = consumer.beginningOffsets(one, PATIENCE).getOrDefault(partition, 0L);
            long end = consumer.endOffsets(one, PATIENCE).getOrDefault(partition, 0L);
            if (id.offset() < first || id.offset() >= end) {
                return null;
            }
            consumer.seek(partition, id.offset());
            while (consumer.position(partition, PATIENCE) <= id.offset()) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    return record.offset() == id.offset() ? record.value() : null;
                }
            }
            return null;
        }

        @Override
        public void close() {
            consumer.close();
        }
    }
}
