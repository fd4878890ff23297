package io.winnow.monitoring.ledger;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/** Accounts on the heap, for as long as an audit takes. */
public final class MemoryStore implements AccountStore {
    private record Book(Kind kind, int partition) {}

    private final Map<Book, TreeMap<Long, byte[]>> books = new HashMap<>();

    private TreeMap<Long, byte[]> book(Kind kind, int partition) {
        return books.computeIfAbsent(new Book(kind, partition), b -> new TreeMap<>());
    }

    @Override
    public byte @Nullable [] get(Kind kind, int partition, long number) {
        return book(kind, partition).get(number);
    }

    @Override
    public void put(Kind kind, int partition, long number, byte @Nullable [] value) {
        if (value == null) {
            book(kind, partition).remove(number);
        } else {
            book(kind, partition).put(number, value);
        }
    }

    @Override
    public void scan(Kind kind, int partition, long from, long to, ObjLongConsumer<byte[]> each) {
        book(kind, partition).subMap(from, true, to, true).forEach((number, value) -> each.accept(value, number));
    }
}
