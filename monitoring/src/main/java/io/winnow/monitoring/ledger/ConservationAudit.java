package io.winnow.monitoring.ledger;

import io.winnow.core.topic.StreamTopics;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Proves from the topics alone that every raw record got exactly one verdict.
 *
 * <p>The last completed checkpoint is the committed offset of the hygiene job's consumer group. Flink commits it a little
 * before the sinks' transactions, so that a verdict may not be readable yet: while an open transaction may hold one, the
 * audit reads on for a bounded time. After that, such a record is pending; one that no open transaction can hold a verdict
 * for is missing at once. Each partition's verdicts
 * are written in raw's order, so a transaction can only hold those behind the last readable one of its partition.
 */
public final class ConservationAudit {
    private static final Logger LOG = LoggerFactory.getLogger(ConservationAudit.class);

    /** How long to wait for verdicts that are not readable yet, unless told otherwise. */
    public static final Duration GRACE = Duration.ofSeconds(30);

    private static final Duration POLL = Duration.ofMillis(200);

    private final String stream;
    private final StreamTopics topics;
    private final Consumer<byte[], byte[]> consumer;
    private final Function<Collection<TopicPartition>, Map<TopicPartition, Long>> written;
    private final LongSupplier nanos;
    private final AccountStore store = new MemoryStore();
    private final Map<Integer, Account> accounts = new TreeMap<>();
    private final Map<Integer, Long> rawEnds = new HashMap<>();
    /** What is said of partitions that raw does not have. */
    private long foreign;

    /**
     * @param consumer in the hygiene job's group, read_committed; it is assigned, never subscribed
     * @param written offsets that were written last plus one, in open transactions too
     * @param nanos a clock that never goes back
     */
    ConservationAudit(
            String stream,
            Consumer<byte[], byte[]> consumer,
            Function<Collection<TopicPartition>, Map<TopicPartition, Long>> written,
            LongSupplier nanos) {
        this.stream = stream;
        this.topics = new StreamTopics(stream);
        this.consumer = consumer;
        this.written = written;
        this.nanos = nanos;
    }

    /**
     * Audits a stream, waiting {@link #GRACE} at most for verdicts that are not readable yet.
     *
     * @param kafka client properties with at least {@code bootstrap.servers}
     * @throws KafkaException if the brokers cannot be reached
     * @throws IllegalArgumentException if there is no such stream
     */
    public static AuditReport audit(String stream, Map<String, String> kafka) {
        return audit(stream, kafka, GRACE);
    }

    /**
     * Audits a stream.
     *
     * @param kafka client properties with at least {@code bootstrap.servers}
     * @param grace how long to wait at most for verdicts that are not readable yet
     * @throws KafkaException if the brokers cannot be reached
     * @throws IllegalArgumentException if there is no such stream
     */
    public static AuditReport audit(String stream, Map<String, String> kafka, Duration grace) {
        return prove(stream, kafka, grace).report();
    }

    /** The same, with all that the audit came to know. */
    public static Proof prove(String stream, Map<String, String> kafka, Duration grace) {
        try (Consumer<byte[], byte[]> committed = AuditConsumers.committed(stream, kafka);
                Consumer<byte[], byte[]> uncommitted = AuditConsumers.uncommitted(stream, kafka)) {
            Function<Collection<TopicPartition>, Map<TopicPartition, Long>> written = partitions -> {
                // Asking about partitions that are not assigned works, but the client warns of each.
                uncommitted.assign(partitions);
                return uncommitted.endOffsets(partitions);
            };
            return new ConservationAudit(stream, committed, written, System::nanoTime).run(grace);
        }
    }

    Proof run(Duration grace) {
        Set<TopicPartition> raw = partitions(topics.raw());
        Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(raw);
        Map<TopicPartition, Long> rawStarts = readRaw(raw);
        Set<TopicPartition> sides = partitions(topics.clean());
        sides.addAll(partitions(topics.quarantine()));
        DrainedReader reader = new DrainedReader(consumer, sides, nanos);
        long deadline = nanos.getAsLong() + grace.toNanos();
        while (true) {
            Map<TopicPartition, Long> readable = reader.drain(this::judged);
            Map<TopicPartition, Long> written = this.written.apply(sides);
            Map<Integer, Horizon> horizons = new HashMap<>();
            rawStarts.forEach((tp, start) -> {
                OffsetAndMetadata offset = committed.get(tp);
                horizons.put(
                        tp.partition(),
                        new Horizon(
                                start,
                                rawEnds.getOrDefault(tp.partition(), start),
                                offset == null ? start : offset.offset(),
                                ends(topics.clean(), tp.partition(), reader.starts(), readable, written),
                                ends(topics.quarantine(), tp.partition(), reader.starts(), readable, written)));
            });
            Proof proof = new Proof(stream, accounts, horizons, foreign);
            if (proof.balance().doubted() == 0 || nanos.getAsLong() >= deadline) {
                warnOfForeign(proof.balance().foreign());
                return proof;
            }
            reader.await(POLL, this::judged);
        }
    }

    private static Horizon.Ends ends(
            String topic,
            int partition,
            Map<TopicPartition, Long> starts,
            Map<TopicPartition, Long> readable,
            Map<TopicPartition, Long> written) {
        TopicPartition tp = new TopicPartition(topic, partition);
        return new Horizon.Ends(
                starts.getOrDefault(tp, 0L), readable.getOrDefault(tp, 0L), written.getOrDefault(tp, 0L));
    }

    private Set<TopicPartition> partitions(String topic) {
        Set<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                .map(p -> new TopicPartition(p.topic(), p.partition()))
                .collect(Collectors.toSet());
        if (partitions.isEmpty()) {
            throw new IllegalArgumentException("there is no topic " + topic + "; is '" + stream
                    + "' the stream's name, and was it ever run here?");
        }
        return partitions;
    }

    /** Reads all of raw; returns where each partition starts now that it is read. */
    private Map<TopicPartition, Long> readRaw(Set<TopicPartition> raw) {
        raw.forEach(tp -> accounts.put(tp.partition(), new Account(tp.partition(), store)));
        DrainedReader reader = new DrainedReader(consumer, raw, nanos);
        Map<TopicPartition, Long> ends =
                reader.drain(r -> account(r.partition()).raw(r.offset()));
        ends.forEach((tp, end) -> rawEnds.put(tp.partition(), end));
        // Retention may have gone on meanwhile; what it took is expired, whether it was read or not.
        return Map.copyOf(consumer.beginningOffsets(raw));
    }

    private Account account(int partition) {
        return Objects.requireNonNull(accounts.get(partition));
    }

    private void judged(ConsumerRecord<byte[], byte[]> record) {
        Sighting s = Sighting.of(record.headers(), topics.raw());
        if (s == null) {
            return;
        }
        if (!accounts.containsKey(s.partition())) {
            foreign++;
            return;
        }
        Side side = record.topic().equals(topics.clean()) ? Side.CLEAN : Side.QUARANTINE;
        long at = s.partition() == record.partition() ? record.offset() : -1;
        account(s.partition()).sighted(side, s, at, rawEnds.getOrDefault(s.partition(), 0L));
    }

    private void warnOfForeign(long count) {
        if (count > 0) {
            LOG.warn(
                    "{} records on {} and {} carry ids of no record on {}: another producer writes there",
                    count,
                    topics.clean(),
                    topics.quarantine(),
                    topics.raw());
        }
    }
}
