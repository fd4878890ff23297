package io.winnow.monitoring.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConservationAuditTest {
    private static final TopicPartition RAW = new TopicPartition("s.raw", 0);
    private static final TopicPartition CLEAN = new TopicPartition("s.clean", 0);
    private static final TopicPartition QUARANTINE = new TopicPartition("s.quarantine", 0);

    /** Each poll takes a tenth of a second. */
    private long now;

    private int polls;

    private final Map<TopicPartition, Long> begins = new HashMap<>();
    private final Map<TopicPartition, Long> ends = new HashMap<>();
    private final Map<TopicPartition, Long> written = new HashMap<>();
    private Runnable later = () -> {};
    private OffsetAndMetadata committed;

    /** Offers again, after each assignment, what a real log would. */
    private final Map<TopicPartition, List<ConsumerRecord<byte[], byte[]>>> log = new HashMap<>();

    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest") {
        @Override
        public synchronized void assign(java.util.Collection<TopicPartition> partitions) {
            super.assign(partitions);
            partitions.forEach(tp -> log.getOrDefault(tp, List.of()).forEach(this::addRecord));
        }

        @Override
        public synchronized Map<TopicPartition, OffsetAndMetadata> committed(Set<TopicPartition> partitions) {
            Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
            partitions.forEach(tp -> offsets.put(tp, committed));
            return offsets;
        }

        @Override
        public synchronized ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
            now += 100_000_000L;
            if (++polls == 10) {
                later.run();
            }
            ConsumerRecords<byte[], byte[]> records = super.poll(timeout);
            // Like a real consumer, go past transaction markers to the end.
            for (TopicPartition tp : assignment()) {
                if (!paused().contains(tp)) {
                    seek(tp, Math.max(position(tp), ends.get(tp)));
                }
            }
            return records;
        }
    };

    @BeforeEach
    void threeTopics() {
        for (TopicPartition tp : List.of(RAW, CLEAN, QUARANTINE)) {
            Node node = new Node(0, "localhost", 9092);
            Node[] nodes = {node};
            consumer.updatePartitions(tp.topic(), List.of(new PartitionInfo(tp.topic(), 0, node, nodes, nodes)));
            begins.put(tp, 0L);
            ends.put(tp, 0L);
        }
    }

    private void record(TopicPartition tp, long offset, String... headers) {
        RecordHeaders h = new RecordHeaders();
        for (int i = 0; i < headers.length; i += 2) {
            h.add(headers[i], headers[i + 1].getBytes(StandardCharsets.UTF_8));
        }
        ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>(
                tp.topic(), 0, offset, 0, TimestampType.CREATE_TIME, 0, 0, null, new byte[0], h, Optional.empty());
        log.computeIfAbsent(tp, k -> new java.util.ArrayList<>()).add(record);
        if (consumer.assignment().contains(tp)) {
            consumer.addRecord(record);
        }
        ends.merge(tp, offset + 1, Math::max);
        consumer.updateEndOffsets(ends);
    }

    private void verdict(TopicPartition side, long offset, long rawOffset) {
        record(side, offset, "dq.id", "s.raw/0/" + rawOffset);
    }

    private AuditReport audit(long checkpoint) {
        consumer.updateBeginningOffsets(begins);
        consumer.updateEndOffsets(ends);
        committed = new OffsetAndMetadata(checkpoint);
        return new ConservationAudit(
                        "s",
                        consumer,
                        tps -> {
                            Map<TopicPartition, Long> high = new HashMap<>(ends);
                            high.putAll(written);
                            return high;
                        },
                        () -> now)
                .run(Duration.ofSeconds(3))
                .report();
    }

    @Test
    void conservedAtOnceWithoutWaiting() {
        // Offset 3 is a transaction marker, so no record.
        List.of(0L, 1L, 2L, 4L, 5L).forEach(o -> record(RAW, o));
        verdict(CLEAN, 0, 0);
        verdict(CLEAN, 1, 2);
        verdict(QUARANTINE, 0, 1);
        verdict(QUARANTINE, 1, 4);
        record(CLEAN, 3, "dq.id", "s.raw/0/4", "dq.decision", "d-1");
        AuditReport report = audit(5);
        assertThat(report).isEqualTo(new AuditReport("s", 4, 2, 2, 1, 1, 0, 0, 0, true, List.of(), List.of()));
        assertThat(polls).isLessThan(10);
    }

    @Test
    void aVerdictOfAPendingRecordIsNotCountedYet() {
        List.of(0L, 1L, 2L).forEach(o -> record(RAW, o));
        List.of(0L, 1L, 2L).forEach(o -> verdict(CLEAN, o, o));
        assertThat(audit(2)).isEqualTo(new AuditReport("s", 2, 2, 0, 0, 1, 0, 0, 0, true, List.of(), List.of()));
    }

    @Test
    void withoutACheckpointAllIsPending() {
        record(RAW, 0);
        consumer.updateBeginningOffsets(begins);
        AuditReport report = new ConservationAudit("s", consumer, t -> ends, () -> now)
                .run(Duration.ZERO)
                .report();
        assertThat(report.pending()).isEqualTo(1);
        assertThat(report.raw()).isZero();
    }

    @Test
    void aVerdictThatCommitsALittleLaterIsWaitedFor() {
        List.of(0L, 1L).forEach(o -> record(RAW, o));
        verdict(CLEAN, 0, 0);
        written.put(QUARANTINE, 1L);
        later = () -> verdict(QUARANTINE, 0, 1);
        assertThat(audit(2)).isEqualTo(new AuditReport("s", 2, 1, 1, 0, 0, 0, 0, 0, true, List.of(), List.of()));
    }

    @Test
    void whatIsMissingIsNamedAtOnce() {
        List.of(0L, 1L, 2L).forEach(o -> record(RAW, o));
        verdict(CLEAN, 0, 0);
        verdict(CLEAN, 1, 2);
        verdict(CLEAN, 2, 2);
        AuditReport report = audit(3);
        assertThat(report)
                .isEqualTo(new AuditReport(
                        "s", 3, 2, 0, 0, 0, 0, 1, 1, false, List.of("s.raw/0/1"), List.of(new RawRange(0, 1, 1))));
        assertThat(now).isLessThan(1_000_000_000L);
    }

    @Test
    void whatAnOpenTransactionMayHoldIsPendingButWhatItCannotHoldIsMissing() {
        List.of(0L, 1L, 2L, 3L).forEach(o -> record(RAW, o));
        verdict(CLEAN, 0, 0);
        verdict(CLEAN, 1, 2);
        // Something lies on clean behind what can be read: it can be 3's verdict, but not 1's.
        written.put(CLEAN, 5L);
        AuditReport report = audit(4);
        assertThat(report)
                .isEqualTo(new AuditReport(
                        "s", 3, 2, 0, 0, 1, 0, 1, 0, false, List.of("s.raw/0/1"), List.of(new RawRange(0, 1, 1))));
    }

    @Test
    void whatRetentionTookOnEitherSideIsExpired() {
        begins.put(RAW, 2L);
        begins.put(CLEAN, 4L);
        List.of(2L, 3L, 4L, 5L).forEach(o -> record(RAW, o));
        // Clean's records 0 to 3 are gone, and with them raw 3's verdict.
        verdict(CLEAN, 4, 4);
        verdict(CLEAN, 5, 5);
        verdict(QUARANTINE, 0, 1);
        verdict(QUARANTINE, 1, 2);
        AuditReport report = audit(6);
        assertThat(report).isEqualTo(new AuditReport("s", 2, 2, 0, 0, 0, 3, 0, 0, true, List.of(), List.of()));
    }

    @Test
    void aSideThatRetentionEmptiedExpiresNoMoreThanItMust() {
        begins.put(QUARANTINE, 7L);
        ends.put(QUARANTINE, 7L);
        List.of(0L, 1L, 2L, 3L).forEach(o -> record(RAW, o));
        verdict(CLEAN, 0, 0);
        verdict(CLEAN, 1, 2);
        verdict(CLEAN, 2, 3);
        AuditReport report = audit(4);
        assertThat(report).isEqualTo(new AuditReport("s", 2, 2, 0, 0, 0, 2, 0, 0, true, List.of(), List.of()));
    }

    @Test
    void foreignProducersNeitherCrashNorCount() {
        record(RAW, 0);
        verdict(CLEAN, 0, 0);
        record(CLEAN, 1, "dq.id", "\u0000/../..");
        record(CLEAN, 2);
        record(CLEAN, 3, "dq.id", "s.raw/77/0");
        record(QUARANTINE, 0, "dq.id", "other.raw/0/0");
        record(QUARANTINE, 1, "dq.id", "s.raw/0/9223372036854775807", "dq.part", "1/9999");
        assertThat(audit(1)).isEqualTo(new AuditReport("s", 1, 1, 0, 0, 0, 0, 0, 0, true, List.of(), List.of()));
    }

    @Test
    void aStreamThatIsNotThereIsNamed() {
        consumer.updatePartitions("none.raw", List.of());
        assertThatThrownBy(() -> new ConservationAudit("none", consumer, t -> ends, () -> now).run(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("there is no topic none.raw");
    }
}
