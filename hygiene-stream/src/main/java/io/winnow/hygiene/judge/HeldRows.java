package io.winnow.hygiene.judge;

import io.winnow.hygiene.record.RawRecord;
import java.util.ArrayDeque;
import java.util.List;

/** Rows that wait for the first profile, in order of arrival. Bounded in rows and in bytes, give or take one row. */
final class HeldRows {
    static final int MAX_ROWS = 10_000;
    static final long MAX_BYTES = 64L << 20;

    private final ArrayDeque<RawRecord> rows = new ArrayDeque<>();
    private long bytes;

    boolean isFull() {
        return rows.size() >= MAX_ROWS || bytes >= MAX_BYTES;
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    int size() {
        return rows.size();
    }

    void add(RawRecord row) {
        rows.add(row);
        bytes += RecordSize.of(row);
    }

    /** The oldest row, taken out; there must be one. */
    RawRecord take() {
        RawRecord row = rows.remove();
        bytes -= RecordSize.of(row);
        return row;
    }

    List<RawRecord> all() {
        return List.copyOf(rows);
    }
}
