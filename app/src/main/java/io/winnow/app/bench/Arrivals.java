package io.winnow.app.bench;

import io.winnow.app.Failure;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * What a run wrote, by the broker's own clock: from the first record to the last, so that neither the start-up before nor
 * the last commit after counts.
 *
 * @param records how many
 * @param firstMillis when the first one was appended, in epoch milliseconds
 * @param lastMillis when the last one was
 */
record Arrivals(long records, long firstMillis, long lastMillis) {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(200);

    Arrivals {
        if (records < 1 || lastMillis < firstMillis) {
            throw new IllegalArgumentException(records + " records from " + firstMillis + " to " + lastMillis);
        }
    }

    /** Records a second. */
    double rate() {
        return records * 1_000.0 / Math.max(1, lastMillis - firstMillis);
    }

    /**
     * Reads what is committed on these partitions, from their beginning.
     *
     * @param consumer client settings
     * @param partitions of topics that keep the time of append
     * @param expected so many records are there
     * @throws Failure if there are fewer or more
     */
    static Arrivals read(Map<String, Object> consumer, List<TopicPartition> partitions, long expected) {
        Map<String, Object> settings = new HashMap<>(consumer);
        settings.put("isolation.level", "read_committed");
        settings.put("enable.auto.commit", false);
        long records = 0;
        long first = Long.MAX_VALUE;
        long last = Long.MIN_VALUE;
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try (KafkaConsumer<byte[], byte[]> reader =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            reader.assign(partitions);
            reader.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = reader.endOffsets(partitions);
            while (partitions.stream().anyMatch(p -> reader.position(p) < ends.getOrDefault(p, 0L))
                    && System.nanoTime() < deadline) {
                for (ConsumerRecord<byte[], byte[]> record : reader.poll(POLL)) {
                    records++;
                    first = Math.min(first, record.timestamp());
                    last = Math.max(last, record.timestamp());
                }
            }
        }
        if (records != expected) {
            throw new Failure("of " + expected + " records " + records
                    + " were delivered, so nothing was measured; run it again with --stacktrace and report it");
        }
        return new Arrivals(records, first, last);
    }
}
