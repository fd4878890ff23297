package io.winnow.monitoring.ledger.live;

import io.winnow.core.topic.StreamTopics;
import io.winnow.monitoring.ledger.AuditConsumers;
import io.winnow.monitoring.ledger.Horizon;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Asks the brokers how far things are, and hands a horizon to the accounts once all that it covers is in them: first the
 * ledger's readers must have passed what was readable then, and after that the accounts what the readers had routed by then.
 * Both are told by the ledger's own committed offsets, so that no clock and no grace is needed: a verdict that is not there
 * is not late, it is missing, or in a transaction that was still open. Not thread-safe.
 */
final class Watch implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(100);
    private static final long PATIENCE_S = 20;
    /** After so many looks without an answer, what lies between is read: perhaps nothing but transaction markers. */
    private static final int LOOKS_BEFORE_PROBE = 5;

    private static final int PROBES = 20;

    private final String group;
    private final StreamTopics topics;
    private final Horizons horizons;
    private final Consumer<byte[], byte[]> committed;
    private final Consumer<byte[], byte[]> uncommitted;
    private final Admin admin;
    private @Nullable Sample sample;

    /** Horizons that wait until all of {@code needed} has been read. */
    private record Sample(
            Map<Integer, Horizon> horizons, Map<TopicPartition, Long> needed, boolean routed, int looks) {}

    Watch(LedgerConfig config, Horizons horizons) {
        this.group = config.applicationId();
        this.topics = new StreamTopics(config.stream());
        this.horizons = horizons;
        committed = AuditConsumers.committed(config.stream(), config.kafka());
        uncommitted = AuditConsumers.uncommitted(config.stream(), config.kafka());
        admin = Admin.create(new HashMap<>(config.kafka()));
    }

    /**
     * Asks for the first time.
     *
     * @throws LedgerStartException if a topic is missing
     */
    void first() {
        ask();
    }

    /** Goes one step on; to be called again and again. */
    void step() {
        Sample s = sample == null ? ask() : sample;
        if (!isRead(s)) {
            sample = new Sample(s.horizons, s.needed, s.routed, s.looks + 1);
        } else if (!s.routed) {
            sample = new Sample(s.horizons, routedEnds(), true, 0);
        } else {
            horizons.reached(s.horizons);
            sample = null;
        }
    }

    private Sample ask() {
        Set<TopicPartition> raw = partitions(topics.raw());
        Set<TopicPartition> sides = partitions(topics.clean());
        sides.addAll(partitions(topics.quarantine()));
        Set<TopicPartition> all = new HashSet<>(raw);
        all.addAll(sides);
        // In this order: see Horizon.
        Map<TopicPartition, OffsetAndMetadata> checkpoints = committed.committed(raw);
        Map<TopicPartition, Long> written = written(sides);
        committed.assign(all);
        Map<TopicPartition, Long> readable = committed.endOffsets(all);
        Map<TopicPartition, Long> starts = committed.beginningOffsets(all);

        Map<Integer, Horizon> asked = new HashMap<>();
        Map<Integer, Long> ends = new HashMap<>();
        Map<TopicPartition, Long> needed = new HashMap<>();
        sides.forEach(side -> need(needed, side, starts, readable.getOrDefault(side, 0L)));
        for (TopicPartition tp : raw) {
            int p = tp.partition();
            long start = starts.getOrDefault(tp, 0L);
            OffsetAndMetadata offset = checkpoints.get(tp);
            long checkpoint = offset == null ? start : offset.offset();
            ends.put(p, readable.getOrDefault(tp, start));
            need(needed, tp, starts, checkpoint);
            asked.put(
                    p,
                    new Horizon(
                            start,
                            readable.getOrDefault(tp, start),
                            checkpoint,
                            ends(topics.clean(), p, starts, readable, written),
                            ends(topics.quarantine(), p, starts, readable, written)));
        }
        horizons.ends(ends);
        return new Sample(asked, needed, false, 0);
    }

    private static void need(
            Map<TopicPartition, Long> needed, TopicPartition tp, Map<TopicPartition, Long> starts, long end) {
        if (end > starts.getOrDefault(tp, 0L)) {
            needed.put(tp, end);
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

    /** What the readers had routed by now, in transactions that are perhaps still to be committed. */
    private Map<TopicPartition, Long> routedEnds() {
        Set<TopicPartition> routed = partitions(group + "-" + LedgerTopology.ROUTED + "-repartition");
        Map<TopicPartition, Long> needed = new HashMap<>();
        committed.assign(routed);
        Map<TopicPartition, Long> starts = committed.beginningOffsets(routed);
        written(routed).forEach((tp, end) -> need(needed, tp, starts, end));
        return needed;
    }

    private Map<TopicPartition, Long> written(Collection<TopicPartition> partitions) {
        // Asking about partitions that are not assigned works, but the client warns of each.
        uncommitted.assign(partitions);
        return uncommitted.endOffsets(partitions);
    }

    private boolean isRead(Sample s) {
        Map<TopicPartition, OffsetAndMetadata> positions = positions(s.needed.keySet());
        for (Map.Entry<TopicPartition, Long> e : s.needed.entrySet()) {
            OffsetAndMetadata position = positions.get(e.getKey());
            long from = position == null ? 0 : position.offset();
            if (from < e.getValue()
                    && (s.looks < LOOKS_BEFORE_PROBE || !isNothingBetween(e.getKey(), from, e.getValue()))) {
                return false;
            }
        }
        return true;
    }

    /** Whether there is no committed record in {@code [from, to)}, but perhaps markers and what was aborted. */
    private boolean isNothingBetween(TopicPartition tp, long from, long to) {
        List<TopicPartition> one = List.of(tp);
        committed.assign(one);
        committed.seek(tp, Math.max(from, committed.beginningOffsets(one).getOrDefault(tp, 0L)));
        for (int i = 0; i < PROBES && committed.position(tp) < to; i++) {
            if (!committed.poll(POLL).isEmpty()) {
                return false;
            }
        }
        return committed.position(tp) >= to;
    }

    private Map<TopicPartition, OffsetAndMetadata> positions(Collection<TopicPartition> partitions) {
        try {
            Map<TopicPartition, @Nullable OffsetAndMetadata> found = admin.listConsumerGroupOffsets(
                            Map.of(group, new ListConsumerGroupOffsetsSpec().topicPartitions(partitions)))
                    .partitionsToOffsetAndMetadata(group)
                    .get(PATIENCE_S, TimeUnit.SECONDS);
            Map<TopicPartition, OffsetAndMetadata> positions = new HashMap<>();
            found.forEach((tp, offset) -> {
                if (offset != null) {
                    positions.put(tp, offset);
                }
            });
            return positions;
        } catch (ExecutionException | TimeoutException e) {
            throw new KafkaException("the ledger's offsets cannot be read", e);
        } catch (InterruptedException e) {
            throw new org.apache.kafka.common.errors.InterruptException(e);
        }
    }

    private Set<TopicPartition> partitions(String topic) {
        Set<TopicPartition> partitions = new HashSet<>();
        for (PartitionInfo p : committed.partitionsFor(topic)) {
            partitions.add(new TopicPartition(topic, p.partition()));
        }
        if (partitions.isEmpty()) {
            throw new LedgerStartException(
                    "there is no topic " + topic + "; is '" + topics.stream()
                            + "' the stream's name, and was it ever run here?",
                    null);
        }
        return partitions;
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(1));
        uncommitted.close();
        committed.close();
    }
}
