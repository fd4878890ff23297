package io.winnow.monitoring.topology;

import io.winnow.core.row.Reason;
import io.winnow.monitoring.cases.CaseState;
import io.winnow.monitoring.cases.Cursor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * What one desk partition knows of changes of regime, and how far it has come with judging again. It lies in the case
 * store, so that a batch of cases and the place where the next one begins are committed together.
 */
final class ChangeTable {
    /** Since when the stream has been changing (8 bytes), while it does. */
    static final Bytes LASTING = Bytes.wrap(new byte[] {'r', 'b'});
    /** The last change that has ended. */
    static final Bytes ENDED = Bytes.wrap(new byte[] {'r', 'e'});
    /** Where judging again goes on: a place in the list of open cases, or nothing for its start. Absent when done. */
    static final Bytes PLACE = Bytes.wrap(new byte[] {'r', 'p'});
    /** How many cases were judged again after the last change. */
    static final Bytes JUDGED = Bytes.wrap(new byte[] {'r', 'n'});

    private final KeyValueStore<Bytes, byte[]> store;

    ChangeTable(KeyValueStore<Bytes, byte[]> store) {
        this.store = store;
    }

    /** A change has begun, or has ended, so that open cases are to be judged again. */
    void put(Change change) {
        if (!change.hasEnded()) {
            store.put(LASTING, number(change.began()));
            return;
        }
        Change last = ended();
        Change all = last != null && isPending() ? change.with(last.judgedBy()) : change;
        store.delete(LASTING);
        store.put(ENDED, all.encode());
        store.put(PLACE, new byte[0]);
        store.put(JUDGED, number(0));
    }

    @Nullable
    Change ended() {
        byte[] bytes = store.get(ENDED);
        return bytes == null ? null : Change.decode(bytes);
    }

    boolean isPending() {
        return store.get(PLACE) != null;
    }

    /** The next open surprising cases to look at, at most so many; moves the place behind them. */
    List<Cursor> next(int most) {
        byte[] place = store.get(PLACE);
        List<Cursor> found = new ArrayList<>();
        if (place == null) {
            return found;
        }
        Cursor after = place.length == 0 ? null : Cursor.of(ByteBuffer.wrap(place));
        try (KeyValueIterator<Bytes, byte[]> open = store.range(
                CaseKeys.listFrom(CaseState.OPEN, Reason.SURPRISING, after),
                CaseKeys.listEnd(CaseState.OPEN, Reason.SURPRISING))) {
            while (found.size() < most && open.hasNext()) {
                found.add(CaseKeys.cursorOf(open.next().key));
            }
        }
        if (found.size() < most) {
            store.delete(PLACE);
        } else {
            store.put(PLACE, found.get(found.size() - 1).bytes());
        }
        return found;
    }

    void judged(long more) {
        store.put(JUDGED, number(number(store, JUDGED) + more));
    }

    static long number(ReadOnlyKeyValueStore<Bytes, byte[]> store, Bytes key) {
        byte[] bytes = store.get(key);
        return bytes == null ? 0 : ByteBuffer.wrap(bytes).getLong();
    }

    private static byte[] number(long n) {
        return ByteBuffer.allocate(Long.BYTES).putLong(n).array();
    }
}
