package io.winnow.monitoring.ledger;

import io.winnow.core.topic.RecordId;
import io.winnow.core.topic.StreamTopics;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
 * before the sinks' transactions, so that a verdict may not be readable yet: while one is missing, the audit reads on for
 * a bounded time. After that, what an open transaction may still hold is pending, not missing. Each partition's verdicts
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
    private final Ledger ledger = new Ledger();
    /** Raw offset of the first and of the furthest verdict read from each partition of clean and quarantine. */
    private final Map<TopicPartition, Long> firstVerdicts = new HashMap<>();

    private final Map<TopicPartition, Long> lastVerdicts = new HashMap<>();

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

    AuditReport run(Duration grace) {
        Set<TopicPartition> raw = partitions(topics.raw());
        Map<TopicPartition, OffsetAndMetadata> committed = consumer.committed(raw);
        Map<TopicPartition, Long> rawStarts = readRaw(raw);
        Map<Integer, Long> checkpoints = new HashMap<>();
        rawStarts.forEach((tp, start) -> {
            OffsetAndMetadata offset = committed.get(tp);
            checkpoints.put(tp.partition(), offset == null ? start : offset.offset());
        });

        Set<TopicPartition> sides = partitions(topics.clean());
        sides.addAll(partitions(topics.quarantine()));
        DrainedReader reader = new DrainedReader(consumer, sides, nanos);
        long deadline = nanos.getAsLong() + grace.toNanos();
        while (true) {
            Map<TopicPartition, Long> readable = reader.drain(this::judged);
            Ledger.Balance balance =
                    ledger.balance(bounds(raw, checkpoints, reader.starts(), readable, written.apply(sides)));
            if (balance.missing() + balance.doubted() == 0 || nanos.getAsLong() >= deadline) {
                return report(balance);
            }
            reader.await(POLL, this::judged);
        }
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
        DrainedReader reader = new DrainedReader(consumer, raw, nanos);
        reader.starts().forEach((tp, start) -> ledger.open(tp.partition(), start, Long.MAX_VALUE));
        Map<TopicPartition, Long> ends = reader.drain(r -> ledger.raw(r.partition(), r.offset()));
        // Retention may have gone on meanwhile; what it took is expired, whether it was read or not.
        Map<TopicPartition, Long> now = consumer.beginningOffsets(raw);
        now.forEach((tp, start) -> ledger.open(tp.partition(), start, ends.getOrDefault(tp, start)));
        return now;
    }

    private void judged(ConsumerRecord<byte[], byte[]> record) {
        Sighting s = Sighting.of(record.headers(), topics.raw());
        if (s == null) {
            return;
        }
        boolean clean = record.topic().equals(topics.clean());
        if (clean && s.released()) {
            ledger.released(s.partition(), s.offset());
            return;
        }
        boolean ours = (!clean && s.parts() > 1)
                ? ledger.part(s.partition(), s.offset(), s.part(), s.parts())
                : ledger.verdict(clean ? Ledger.Side.CLEAN : Ledger.Side.QUARANTINE, s.partition(), s.offset());
        if (ours && s.partition() == record.partition()) {
            TopicPartition tp = new TopicPartition(record.topic(), record.partition());
            firstVerdicts.putIfAbsent(tp, s.offset());
            lastVerdicts.merge(tp, s.offset(), Math::max);
        }
    }

    private Map<Integer, Ledger.Bounds> bounds(
            Set<TopicPartition> raw,
            Map<Integer, Long> checkpoints,
            Map<TopicPartition, Long> sideStarts,
            Map<TopicPartition, Long> readable,
            Map<TopicPartition, Long> end) {
        Map<Integer, Ledger.Bounds> bounds = new HashMap<>();
        for (TopicPartition tp : raw) {
            int p = tp.partition();
            long checkpoint = checkpoints.getOrDefault(p, 0L);
            long start = 0;
            long doubtful = Long.MAX_VALUE;
            for (String topic : List.of(topics.clean(), topics.quarantine())) {
                TopicPartition side = new TopicPartition(topic, p);
                if (sideStarts.getOrDefault(side, 0L) > 0) {
                    // Retention took verdicts: those before the first one left. If none is left, nobody can say which.
                    Long first = firstVerdicts.get(side);
                    start = Math.max(start, first == null ? ledger.lastUnjudged(p, checkpoint) + 1 : first);
                }
                if (end.getOrDefault(side, 0L) > readable.getOrDefault(side, 0L)) {
                    doubtful = Math.min(doubtful, lastVerdicts.getOrDefault(side, -1L) + 1);
                }
            }
            bounds.put(p, new Ledger.Bounds(start, checkpoint, doubtful));
        }
        return bounds;
    }

    private AuditReport report(Ledger.Balance b) {
        if (ledger.foreign() > 0) {
            LOG.warn(
                    "{} records on {} and {} carry ids of no record on {}: another producer writes there",
                    ledger.foreign(),
                    topics.clean(),
                    topics.quarantine(),
                    topics.raw());
        }
        List<String> ids = b.firstMissing().stream()
                .map(m -> new RecordId(topics.raw(), m.partition(), m.offset()).toString())
                .toList();
        return new AuditReport(
                stream,
                b.raw(),
                b.clean(),
                b.quarantined(),
                b.released(),
                b.pending(),
                b.expired(),
                b.missing(),
                b.duplicated(),
                b.isConserved(),
                ids);
    }
}
