package io.winnow.monitoring.ledger.live;

import io.winnow.monitoring.ledger.AccountStore;
import java.nio.ByteBuffer;
import java.util.function.ObjLongConsumer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/** Accounts in a state store, and so in its changelog; the unsigned byte order of keys is that of numbers. */
final class StreamsStore implements AccountStore {
    private static final int NUMBER_AT = 1 + Integer.BYTES;

    private final KeyValueStore<Bytes, byte[]> store;

    StreamsStore(KeyValueStore<Bytes, byte[]> store) {
        this.store = store;
    }

    @Override
    public byte @Nullable [] get(Kind kind, int partition, long number) {
        return store.get(key(kind, partition, number));
    }

    @Override
    public void put(Kind kind, int partition, long number, byte @Nullable [] value) {
        if (value == null) {
            store.delete(key(kind, partition, number));
        } else {
            store.put(key(kind, partition, number), value);
        }
    }

    @Override
    public void scan(Kind kind, int partition, long from, long to, ObjLongConsumer<byte[]> each) {
        try (KeyValueIterator<Bytes, byte[]> found =
                store.range(key(kind, partition, from), key(kind, partition, to))) {
            while (found.hasNext()) {
                KeyValue<Bytes, byte[]> entry = found.next();
                each.accept(
                        entry.value,
                        ByteBuffer.wrap(entry.key.get(), NUMBER_AT, Long.BYTES).getLong());
            }
        }
    }

    private static Bytes key(Kind kind, int partition, long number) {
        return Bytes.wrap(ByteBuffer.allocate(NUMBER_AT + Long.BYTES)
                .put(kind.mark())
                .putInt(partition)
                .putLong(number)
                .array());
    }
}
