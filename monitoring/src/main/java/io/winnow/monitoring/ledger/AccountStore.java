package io.winnow.monitoring.ledger;

import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/** Where accounts are kept: small entries by kind, raw partition and number, in order of their number. */
public interface AccountStore {
    /** Kinds of entries; the bytes are what keys begin with. */
    enum Kind {
        /** Sums of an account; number 0. */
        HEAD('h'),
        /** A page, by its index. */
        PAGE('p'),
        /** Released offsets, 65,536 to an entry. */
        RELEASED('r'),
        /** What is there of a record that is kept in parts, by its offset. */
        PARTS('q');

        private final byte mark;

        Kind(char mark) {
            this.mark = (byte) mark;
        }

        /** What keys begin with. */
        public byte mark() {
            return mark;
        }
    }

    /** An entry, or null. */
    byte @Nullable [] get(Kind kind, int partition, long number);

    /** Writes an entry; null removes it. */
    void put(Kind kind, int partition, long number, byte @Nullable [] value);

    /**
     * Reads the entries of a partition with numbers in {@code [from, to]}, in order. Nothing is written meanwhile.
     *
     * @param each takes value and number
     */
    void scan(Kind kind, int partition, long from, long to, ObjLongConsumer<byte[]> each);
}
