package io.winnow.monitoring.topology;

import io.winnow.monitoring.cases.Cursor;
import java.util.Objects;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.jspecify.annotations.Nullable;

/** One sorted run of list keys (one partition, one state, one reason) on its way into a merge. */
final class Run implements AutoCloseable {
    private final KeyValueIterator<Bytes, byte[]> keys;
    private @Nullable Cursor head;

    Run(KeyValueIterator<Bytes, byte[]> keys) {
        this.keys = keys;
    }

    /** Moves to the next key; false at the end. */
    boolean advance() {
        head = keys.hasNext() ? CaseKeys.cursorOf(keys.next().key) : null;
        return head != null;
    }

    /** The key that {@link #advance()} moved to. */
    Cursor head() {
        return Objects.requireNonNull(head);
    }

    @Override
    public void close() {
        keys.close();
    }
}
