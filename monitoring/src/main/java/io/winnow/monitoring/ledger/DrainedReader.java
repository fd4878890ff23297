package io.winnow.monitoring.ledger;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;

/** Reads partitions from their beginning to what is readable now, as often as asked. */
final class DrainedReader {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final long MAX_STANDSTILL = TimeUnit.SECONDS.toNanos(60);

    private final Consumer<byte[], byte[]> consumer;
    private final Set<TopicPartition> partitions;
    private final Map<TopicPartition, Long> starts;
    private final LongSupplier nanos;

    /** Takes the consumer over: what it was assigned before is forgotten. */
    DrainedReader(Consumer<byte[], byte[]> consumer, Set<TopicPartition> partitions, LongSupplier nanos) {
        this.consumer = consumer;
        this.partitions = partitions;
        this.nanos = nanos;
        consumer.assign(partitions);
        this.starts = Map.copyOf(consumer.beginningOffsets(partitions));
        starts.forEach(consumer::seek);
    }

    /** Each partition's first retained offset, as it was at the beginning. */
    Map<TopicPartition, Long> starts() {
        return starts;
    }

    /**
     * Reads on to what is readable now.
     *
     * @return up to where that was
     * @throws TimeoutException if nothing comes for a minute
     */
    Map<TopicPartition, Long> drain(java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> sink) {
        Map<TopicPartition, Long> ends = Map.copyOf(consumer.endOffsets(partitions));
        Map<TopicPartition, Long> positions = new HashMap<>();
        long moved = nanos.getAsLong();
        consumer.resume(partitions);
        while (true) {
            Set<TopicPartition> done = new HashSet<>();
            for (TopicPartition tp : partitions) {
                long position = consumer.position(tp);
                if (!Long.valueOf(position).equals(positions.put(tp, position))) {
                    moved = nanos.getAsLong();
                }
                if (position >= ends.getOrDefault(tp, 0L)) {
                    done.add(tp);
                }
            }
            if (done.size() == partitions.size()) {
                return ends;
            }
            if (nanos.getAsLong() - moved > MAX_STANDSTILL) {
                partitionsLeft(done);
            }
            // A partition that is written to all the time would else be read for ever.
            consumer.pause(done);
            consumer.poll(POLL).forEach(sink);
        }
    }

    private void partitionsLeft(Set<TopicPartition> done) {
        Set<TopicPartition> left = new HashSet<>(partitions);
        left.removeAll(done);
        throw new TimeoutException("nothing came from " + left + " for a minute; are the brokers up?");
    }

    /** Waits a little for more, and takes in what comes. */
    void await(Duration atMost, java.util.function.Consumer<ConsumerRecord<byte[], byte[]>> sink) {
        consumer.resume(partitions);
        consumer.poll(atMost).forEach(sink);
    }
}
