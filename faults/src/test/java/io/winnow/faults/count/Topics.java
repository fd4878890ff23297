package io.winnow.faults.count;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/** Topics read under read_committed by a consumer in no group. */
final class Topics {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final long PATIENCE_NANOS = 60_000_000_000L;

    private Topics() {}

    static KafkaConsumer<byte[], byte[]> consumer(Map<String, String> kafka) {
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.put("isolation.level", "read_committed");
        settings.put("enable.auto.commit", "false");
        settings.put("auto.offset.reset", "earliest");
        settings.put("max.poll.records", "5000");
        // New partitions are looked for often.
        settings.put("metadata.max.age.ms", "1000");
        settings.put("max.partition.fetch.bytes", String.valueOf(8 << 20));
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    static List<TopicPartition> partitions(KafkaConsumer<?, ?> consumer, String... topics) {
        List<TopicPartition> all = new ArrayList<>();
        for (String topic : topics) {
            consumer.partitionsFor(topic).forEach(p -> all.add(new TopicPartition(p.topic(), p.partition())));
        }
        return all;
    }

    /**
     * Reads all that is committed now, from the beginning.
     *
     * @return where each partition begins
     */
    static Map<TopicPartition, Long> read(
            Map<String, String> kafka, Consumer<ConsumerRecord<byte[], byte[]>> taker, String... topics) {
        try (KafkaConsumer<byte[], byte[]> consumer = consumer(kafka)) {
            List<TopicPartition> all = partitions(consumer, topics);
            consumer.assign(all);
            consumer.seekToBeginning(all);
            Map<TopicPartition, Long> begins = consumer.beginningOffsets(all);
            Map<TopicPartition, Long> ends = consumer.endOffsets(all);
            long deadline = System.nanoTime() + PATIENCE_NANOS;
            while (all.stream().anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
                var records = consumer.poll(POLL);
                if (!records.isEmpty()) {
                    deadline = System.nanoTime() + PATIENCE_NANOS;
                } else if (System.nanoTime() > deadline) {
                    throw new IllegalStateException("nothing to read before the ends of " + List.of(topics));
                }
                records.forEach(taker);
            }
            return begins;
        }
    }

    static @Nullable String header(ConsumerRecord<?, ?> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null || header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }

    /** A record's number: from its value where that carries one, else from its header; −1 where neither does. */
    static long number(ConsumerRecord<byte[], byte[]> record) {
        byte[] value = record.value();
        if (value != null
                && value.length > 5
                && value[0] == '{'
                && value[1] == '"'
                && value[2] == 'n'
                && value[3] == '"') {
            long number = 0;
            for (int i = 5; i < value.length && value[i] >= '0' && value[i] <= '9'; i++) {
                number = 10 * number + value[i] - '0';
            }
            return number;
        }
        String header = header(record, Rows.NUMBER);
        return header == null ? -1 : Long.parseLong(header);
    }
}
