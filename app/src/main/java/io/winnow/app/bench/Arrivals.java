package io.winnow.app.bench;

import io.winnow.app.Failure;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * What a run wrote, by the broker's own clock. The first tenth of the records and the last are left out: while the one
 * arrives a contestant comes to speed, while the other does its threads run dry one after the other, and neither start-up
 * before nor the last commit after counts.
 *
 * @param records how many lie between
 * @param millis in what time they were appended
 */
record Arrivals(long records, long millis) {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(200);
    /** One in so many at either end. */
    private static final int LEFT_OUT = 10;

    Arrivals {
        if (records < 1 || millis < 0) {
            throw new IllegalArgumentException(records + " records in " + millis + " ms");
        }
    }

    /**
     * From each record's time, in any order.
     *
     * @param times in milliseconds; sorted here
     */
    static Arrivals of(long[] times) {
        Arrays.sort(times);
        int first = times.length / LEFT_OUT;
        int last = times.length - 1 - first;
        return new Arrivals(last - first, times[last] - times[first]);
    }

    /** Records a second. */
    double rate() {
        return records * 1_000.0 / Math.max(1, millis);
    }

    /**
     * Reads what is committed on these partitions, from their beginning.
     *
     * @param consumer client settings
     * @param partitions of topics that keep the time of append
     * @param expected so many records are there
     * @throws Failure if there are fewer or more
     */
    static Arrivals read(Map<String, Object> consumer, List<TopicPartition> partitions, int expected) {
        Map<String, Object> settings = new HashMap<>(consumer);
        settings.put("isolation.level", "read_committed");
        settings.put("enable.auto.commit", false);
        long[] times = new long[expected];
        int records = 0;
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        try (KafkaConsumer<byte[], byte[]> reader =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            reader.assign(partitions);
            reader.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = reader.endOffsets(partitions);
            while (partitions.stream().anyMatch(p -> reader.position(p) < ends.getOrDefault(p, 0L))
                    && System.nanoTime() < deadline) {
                for (ConsumerRecord<byte[], byte[]> record : reader.poll(POLL)) {
                    times[Math.min(records++, expected - 1)] = record.timestamp();
                }
            }
        }
        if (records != expected) {
            throw new Failure("of " + expected + " records " + records
                    + " were delivered, so nothing was measured; run it again with --stacktrace and report it");
        }
        return of(times);
    }
}
