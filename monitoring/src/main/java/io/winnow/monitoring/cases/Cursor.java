package io.winnow.monitoring.cases;

import java.nio.ByteBuffer;
import java.util.Base64;

/**
 * A case's place in the order of lists: newest Kafka timestamp first, then highest offset, then lowest partition. It
 * names a place, not a row, so a page stays put when cases come and go before it.
 *
 * @param timestamp milliseconds since 1970, ≥ 0
 * @param offset the raw offset
 * @param partition the raw partition
 */
public record Cursor(long timestamp, long offset, int partition) implements Comparable<Cursor> {
    /** Length of {@link #bytes()}. */
    public static final int BYTES = 20;

    public Cursor {
        if (timestamp < 0 || offset < 0 || partition < 0) {
            throw new IllegalArgumentException("not a cursor: it must come from 'next' of an earlier page");
        }
    }

    /** The place of this case. */
    public static Cursor of(Case c) {
        return new Cursor(Math.max(0, c.timestamp()), c.offset(), c.partition());
    }

    /** Bytes whose unsigned order is the order of lists. */
    public byte[] bytes() {
        return ByteBuffer.allocate(BYTES)
                .putLong(Long.MAX_VALUE - timestamp)
                .putLong(Long.MAX_VALUE - offset)
                .putInt(partition)
                .array();
    }

    /** Reads {@link #bytes()} back. */
    public static Cursor of(ByteBuffer bytes) {
        return new Cursor(Long.MAX_VALUE - bytes.getLong(), Long.MAX_VALUE - bytes.getLong(), bytes.getInt());
    }

    /**
     * Reads what {@link #toString()} wrote.
     *
     * @throws IllegalArgumentException if the text is no cursor
     */
    public static Cursor parse(String text) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("not a cursor: it must come from 'next' of an earlier page", e);
        }
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("not a cursor: it must come from 'next' of an earlier page");
        }
        return of(ByteBuffer.wrap(bytes));
    }

    @Override
    public int compareTo(Cursor other) {
        int byTime = Long.compare(other.timestamp, timestamp);
        int byOffset = byTime != 0 ? byTime : Long.compare(other.offset, offset);
        return byOffset != 0 ? byOffset : Integer.compare(partition, other.partition);
    }

    @Override
    public String toString() {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes());
    }
}
