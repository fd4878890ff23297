package io.winnow.monitoring.topology;

import io.winnow.core.row.Reason;
import io.winnow.core.topic.RecordId;
import io.winnow.monitoring.cases.CaseState;
import io.winnow.monitoring.cases.Cursor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * Keys of the desk's two stores; their unsigned byte order is what makes pages and due releases range scans.
 *
 * <pre>
 * cases:   'c' partition offset                        → entry (JSON)
 *          'i' state reason cursor (newest first)      → nothing: the order of lists
 *          'o' cursor (newest first)                   → nothing: open cases that would be accepted now
 *          'd' due partition offset                    → nothing: held releases by due time
 *          'n' name                                    → a count (8 bytes)
 *          'r' …                                       → changes of regime: see ChangeTable
 * records: partition offset part                       → the kept record
 * </pre>
 */
final class CaseKeys {
    private CaseKeys() {}

    static Bytes entry(RecordId id) {
        return Bytes.wrap(ByteBuffer.allocate(13)
                .put((byte) 'c')
                .putInt(id.partition())
                .putLong(id.offset())
                .array());
    }

    static Bytes accepted(Cursor cursor) {
        return Bytes.wrap(acceptedList().put(cursor.bytes()).array());
    }

    private static ByteBuffer acceptedList() {
        // As long as the other lists' keys, so that a cursor stands at the same place.
        return ByteBuffer.allocate(3 + Cursor.BYTES).put((byte) 'o').putShort((short) 0);
    }

    /** The first key of the list of accepted cases that comes strictly after a cursor; without one, its first key. */
    static Bytes acceptedFrom(@Nullable Cursor after) {
        return from(acceptedList(), after);
    }

    static Bytes acceptedEnd() {
        return end(acceptedList());
    }

    static Bytes listed(CaseState state, Reason reason, Cursor cursor) {
        return Bytes.wrap(list(state, reason).put(cursor.bytes()).array());
    }

    /** The first key of a list that comes strictly after a cursor; without one, the list's first key. */
    static Bytes listFrom(CaseState state, Reason reason, @Nullable Cursor after) {
        return from(list(state, reason), after);
    }

    private static Bytes from(ByteBuffer list, @Nullable Cursor after) {
        if (after == null) {
            return Bytes.wrap(list.array());
        }
        byte[] next = after.bytes();
        for (int i = next.length - 1; i >= 0 && ++next[i] == 0; i--) {
            // carry
        }
        return Bytes.wrap(list.put(next).array());
    }

    static Bytes listEnd(CaseState state, Reason reason) {
        return end(list(state, reason));
    }

    private static Bytes end(ByteBuffer key) {
        while (key.hasRemaining()) {
            key.put((byte) 0xff);
        }
        return Bytes.wrap(key.array());
    }

    private static ByteBuffer list(CaseState state, Reason reason) {
        return ByteBuffer.allocate(3 + Cursor.BYTES)
                .put((byte) 'i')
                .put((byte) state.ordinal())
                .put((byte) reason.ordinal());
    }

    static Cursor cursorOf(Bytes listKey) {
        return Cursor.of(ByteBuffer.wrap(listKey.get(), 3, Cursor.BYTES));
    }

    static Bytes due(long at, RecordId id) {
        return Bytes.wrap(ByteBuffer.allocate(21)
                .put((byte) 'd')
                .putLong(at)
                .putInt(id.partition())
                .putLong(id.offset())
                .array());
    }

    static Bytes dueUntil(long now) {
        return Bytes.wrap(ByteBuffer.allocate(21)
                .put((byte) 'd')
                .putLong(now)
                .putInt(Integer.MAX_VALUE)
                .putLong(Long.MAX_VALUE)
                .array());
    }

    static RecordId dueId(Bytes dueKey, String topic) {
        ByteBuffer key = ByteBuffer.wrap(dueKey.get(), 9, 12);
        return new RecordId(topic, key.getInt(), key.getLong());
    }

    static Bytes count(CaseState state, Reason reason) {
        return count(state.name() + " " + reason.name());
    }

    static Bytes count(String name) {
        return Bytes.wrap(("n" + name).getBytes(StandardCharsets.US_ASCII));
    }

    static Bytes part(RecordId id, int part) {
        return Bytes.wrap(ByteBuffer.allocate(16)
                .putInt(id.partition())
                .putLong(id.offset())
                .putInt(part)
                .array());
    }
}
