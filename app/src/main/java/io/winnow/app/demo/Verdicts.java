package io.winnow.app.demo;

import io.winnow.core.row.Reason;
import io.winnow.core.topic.DqHeaders;
import io.winnow.core.topic.RecordId;
import io.winnow.core.topic.StreamTopics;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** Reads verdicts back from clean and quarantine as any consumer would, and holds them against the truth. */
final class Verdicts implements AutoCloseable {
    private final StreamTopics topics;
    private final Truth truth;
    private final TopicReader reader;
    private final Map<FaultKind, Long> quarantined = new EnumMap<>(FaultKind.class);
    private final Map<Reason, Long> reasons = new EnumMap<>(Reason.class);
    private long falseAlarms;
    private long setAside;

    /** Reads what is written from now on. */
    Verdicts(StreamTopics topics, Map<String, String> kafka, Truth truth) {
        this.topics = topics;
        this.truth = truth;
        this.reader = TopicReader.fromEnd(kafka, topics.clean(), topics.quarantine());
    }

    /** Reads what is there, waiting this long at most for anything. */
    void poll(Duration wait) {
        reader.poll(wait, this::note);
    }

    /** Records of this run that were set aside so far. */
    long setAside() {
        return setAside;
    }

    private void note(ConsumerRecord<byte[], byte[]> record) {
        String id = header(record, DqHeaders.ID);
        // A release is a second delivery and no verdict.
        if (id == null || record.headers().lastHeader(DqHeaders.DECISION) != null) {
            return;
        }
        RecordId raw = RecordId.parse(id);
        if (!raw.topic().equals(topics.raw()) || !truth.judged(raw)) {
            return;
        }
        if (record.topic().equals(topics.quarantine())) {
            note(truth.faultOf(raw), header(record, DqHeaders.REASON));
        }
    }

    private void note(Optional<FaultKind> fault, @Nullable String reason) {
        setAside++;
        if (reason != null) {
            reasons.merge(Reason.valueOf(reason), 1L, Long::sum);
        }
        if (fault.isPresent()) {
            quarantined.merge(fault.get(), 1L, Long::sum);
        } else {
            falseAlarms++;
        }
    }

    /** How this run's records were judged so far. */
    Detection detection() {
        Map<FaultKind, FaultCount> faults = new EnumMap<>(FaultKind.class);
        for (FaultKind kind : FaultKind.values()) {
            faults.put(kind, new FaultCount(truth.injected(kind), quarantined.getOrDefault(kind, 0L)));
        }
        return new Detection(faults, falseAlarms, reasons);
    }

    private static @Nullable String header(ConsumerRecord<?, ?> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null || header.value() == null ? null : DqHeaders.text(header.value());
    }

    @Override
    public void close() {
        reader.close();
    }
}
