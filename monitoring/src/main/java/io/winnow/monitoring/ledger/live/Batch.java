package io.winnow.monitoring.ledger.live;

import io.winnow.monitoring.ledger.Account;
import io.winnow.monitoring.ledger.Side;
import io.winnow.monitoring.ledger.Sighting;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What some neighbouring records of one topic tell, in their order: two to four bytes for each. By raw partition, so that
 * it can be taken apart and routed.
 *
 * <pre>
 * batch:   { raw partition (4 bytes) length (4 bytes) entries }
 * entry:   flags, offset less the one before (zigzag), at home: where it lies less the one before, in parts: part, parts
 *          (numbers in groups of seven bits)
 * </pre>
 */
final class Batch {
    private static final int SIDES = 3;
    private static final int HOME = 4;
    private static final int RELEASED = 8;
    private static final int REPLAYED = 16;
    private static final int IN_PARTS = 32;

    private final Map<Integer, Entries> byPartition = new TreeMap<>();

    private static final class Entries {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private long last;
        private long lastAt;

        private void number(long n) {
            long left = n;
            while ((left & ~0x7fL) != 0) {
                bytes.write((int) (left & 0x7f | 0x80));
                left >>>= 7;
            }
            bytes.write((int) left);
        }

        private void offset(long offset) {
            long delta = offset - last;
            last = offset;
            number(delta << 1 ^ delta >> 63);
        }
    }

    /** A raw record. */
    void raw(int partition, long offset) {
        Entries entries = byPartition.computeIfAbsent(partition, p -> new Entries());
        entries.bytes.write(0);
        entries.offset(offset);
    }

    /**
     * What was sighted on a side.
     *
     * @param at where it lies, if its partition has the raw partition's number; else −1
     */
    void sighted(Side side, long at, Sighting s) {
        Entries entries = byPartition.computeIfAbsent(s.partition(), p -> new Entries());
        boolean inParts = s.parts() > 1;
        entries.bytes.write(1
                + side.ordinal()
                + (at >= 0 ? HOME : 0)
                + (s.released() ? RELEASED : 0)
                + (s.replayed() ? REPLAYED : 0)
                + (inParts ? IN_PARTS : 0));
        entries.offset(s.offset());
        if (at >= 0) {
            entries.number(at - entries.lastAt);
            entries.lastAt = at;
        }
        if (inParts) {
            entries.number(s.part());
            entries.number(s.parts());
        }
    }

    /** All of it; empty if nothing was told. */
    byte[] encode() {
        int length = byPartition.values().stream()
                .mapToInt(e -> 2 * Integer.BYTES + e.bytes.size())
                .sum();
        ByteBuffer buffer = ByteBuffer.allocate(length);
        byPartition.forEach((partition, entries) -> {
            byte[] bytes = entries.bytes.toByteArray();
            buffer.putInt(partition).putInt(bytes.length).put(bytes);
        });
        return buffer.array();
    }

    /** Takes a batch apart: raw partitions and their entries. */
    static void split(byte[] batch, BiConsumer<Integer, byte[]> each) {
        ByteBuffer buffer = ByteBuffer.wrap(batch);
        while (buffer.hasRemaining()) {
            int partition = buffer.getInt();
            byte[] entries = new byte[buffer.getInt()];
            buffer.get(entries);
            each.accept(partition, entries);
        }
    }

    /** Tells an account its entries. */
    static void tell(byte[] entries, int partition, Account account, long rawEnd) {
        ByteBuffer buffer = ByteBuffer.wrap(entries);
        long offset = 0;
        long lastAt = 0;
        while (buffer.hasRemaining()) {
            int flags = buffer.get();
            long zigzag = number(buffer);
            offset += zigzag >>> 1 ^ -(zigzag & 1);
            Side side = side(flags);
            if (side == null) {
                account.raw(offset);
                continue;
            }
            boolean home = (flags & HOME) != 0;
            lastAt += home ? number(buffer) : 0;
            boolean inParts = (flags & IN_PARTS) != 0;
            int part = inParts ? (int) number(buffer) : 1;
            int parts = inParts ? (int) number(buffer) : 1;
            Sighting s = new Sighting(partition, offset, (flags & RELEASED) != 0, part, parts, (flags & REPLAYED) != 0);
            account.sighted(side, s, home ? lastAt : -1, rawEnd);
        }
    }

    private static @Nullable Side side(int flags) {
        return switch (flags & SIDES) {
            case 0 -> null;
            case 1 -> Side.CLEAN;
            default -> Side.QUARANTINE;
        };
    }

    private static long number(ByteBuffer buffer) {
        long n = 0;
        for (int shift = 0; ; shift += 7) {
            byte b = buffer.get();
            n |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return n;
            }
        }
    }
}
