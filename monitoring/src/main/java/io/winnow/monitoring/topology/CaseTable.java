package io.winnow.monitoring.topology;

import io.winnow.core.topic.RecordId;
import io.winnow.monitoring.cases.Case;
import io.winnow.monitoring.cases.Cursor;
import io.winnow.monitoring.cases.Entry;
import io.winnow.monitoring.cases.KeptRecord;
import io.winnow.monitoring.cases.Part;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** The two stores of one desk partition as the processor writes them: entries with their order and counts; records. */
final class CaseTable {
    static final String CASES = "cases";
    static final String RECORDS = "records";
    static final String CONFLICTS = "conflicts";
    static final String REFUSED = "refused";
    static final String REPLAYED = "replayed";
    static final String ACCEPTED_NOW = "accepted now";

    private static final byte[] NOTHING = {};

    private final KeyValueStore<Bytes, byte[]> cases;
    private final KeyValueStore<Bytes, byte[]> records;

    CaseTable(KeyValueStore<Bytes, byte[]> cases, KeyValueStore<Bytes, byte[]> records) {
        this.cases = cases;
        this.records = records;
    }

    @Nullable
    Entry entry(RecordId id) {
        byte[] bytes = cases.get(CaseKeys.entry(id));
        return bytes == null ? null : Entry.decode(bytes);
    }

    /** Puts an entry in the place of another, and moves the case in lists and counts. */
    void replace(RecordId id, @Nullable Entry before, Entry after) {
        if (after.equals(before)) {
            return;
        }
        cases.put(CaseKeys.entry(id), after.encode());
        Case from = before instanceof Case c ? c : null;
        Case to = after instanceof Case c ? c : null;
        offer(from, to);
        if (from != null && (to == null || to.state() != from.state())) {
            cases.delete(CaseKeys.listed(from.state(), from.finding().reason(), Cursor.of(from)));
            add(CaseKeys.count(from.state(), from.finding().reason()), -1);
            if (from.dueAt() != null) {
                cases.delete(CaseKeys.due(from.dueAt(), id));
            }
        }
        if (to != null && (from == null || to.state() != from.state())) {
            cases.put(CaseKeys.listed(to.state(), to.finding().reason(), Cursor.of(to)), NOTHING);
            add(CaseKeys.count(to.state(), to.finding().reason()), 1);
            if (to.dueAt() != null) {
                cases.put(CaseKeys.due(to.dueAt(), id), NOTHING);
            }
        }
    }

    /** Keeps the list of those that would be accepted now. */
    private void offer(@Nullable Case from, @Nullable Case to) {
        Case before = from != null && from.isAcceptedNow() ? from : null;
        Case after = to != null && to.isAcceptedNow() ? to : null;
        if (before == null && after != null) {
            cases.put(CaseKeys.accepted(Cursor.of(after)), NOTHING);
            add(CaseKeys.count(ACCEPTED_NOW), 1);
        } else if (before != null && after == null) {
            cases.delete(CaseKeys.accepted(Cursor.of(before)));
            add(CaseKeys.count(ACCEPTED_NOW), -1);
        }
    }

    /** Keeps a record, or a part of one; false if it was here before. */
    boolean keep(KeptRecord record) {
        Bytes key = CaseKeys.part(
                record.id(), Part.parse(record.header(Part.HEADER)).index());
        return records.putIfAbsent(key, record.encode()) == null;
    }

    /**
     * The record of a case in one piece.
     *
     * @throws IllegalStateException if the store lost it, which it never should
     */
    KeptRecord record(RecordId id) {
        byte[] bytes = records.get(CaseKeys.part(id, Part.WHOLE.index()));
        if (bytes == null) {
            throw new IllegalStateException("the case store has case " + id + " without its record");
        }
        return KeptRecord.decode(bytes);
    }

    /** The value of a quarantined record that is here in one piece; null otherwise. */
    byte @Nullable [] value(RecordId id) {
        byte[] bytes = records.get(CaseKeys.part(id, Part.WHOLE.index()));
        KeptRecord kept = bytes == null ? null : KeptRecord.decode(bytes);
        return kept == null || kept.header(Part.HEADER) != null ? null : kept.value();
    }

    /** Ids of held releases whose hold has ended, at most as many as asked for. */
    List<RecordId> due(long now, String topic, int limit) {
        List<RecordId> ids = new ArrayList<>();
        try (KeyValueIterator<Bytes, byte[]> all =
                cases.range(CaseKeys.due(0, new RecordId(topic, 0, 0)), CaseKeys.dueUntil(now))) {
            while (all.hasNext() && ids.size() < limit) {
                ids.add(CaseKeys.dueId(all.next().key, topic));
            }
        }
        return ids;
    }

    void count(String name) {
        add(CaseKeys.count(name), 1);
    }

    private void add(Bytes key, long delta) {
        byte[] bytes = cases.get(key);
        long n = bytes == null ? 0 : ByteBuffer.wrap(bytes).getLong();
        cases.put(key, ByteBuffer.allocate(Long.BYTES).putLong(n + delta).array());
    }
}
