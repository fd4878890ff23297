package io.winnow.monitoring.ledger;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.longlong.PeekableLongIterator;
import org.roaringbitmap.longlong.Roaring64Bitmap;

/**
 * Who has a verdict: sets of raw offsets for each partition. Raw records come first, then verdicts and releases in any
 * order; what speaks of no known record is ignored, so that a foreign producer's headers neither count nor take memory.
 * Mutable, not thread-safe, no clock, no Kafka.
 */
final class Ledger {
    /** Where a verdict lies. */
    enum Side {
        /** The clean topic. */
        CLEAN,
        /** The quarantine topic. */
        QUARANTINE
    }

    /**
     * What counts in one partition, as raw offsets.
     *
     * @param start records before it are expired: retention removed them, or may have removed their verdicts
     * @param checkpoint records from here on are pending
     * @param doubtful records from here on without a verdict are pending too: it may lie in an open transaction
     */
    record Bounds(long start, long checkpoint, long doubtful) {}

    /**
     * A record without a verdict.
     *
     * @param partition of raw
     * @param offset in it
     */
    record Missing(int partition, long offset) {}

    /**
     * The ledger's balance; the components are {@link AuditReport}'s.
     *
     * @param doubted records among the pending that an open transaction may hold a verdict for
     * @param firstMissing at most {@link AuditReport#MAX_IDS}
     */
    record Balance(
            long raw,
            long clean,
            long quarantined,
            long released,
            long pending,
            long expired,
            long missing,
            long duplicated,
            long doubted,
            List<Missing> firstMissing) {

        boolean isConserved() {
            return missing == 0 && duplicated == 0 && clean + quarantined == raw;
        }
    }

    /** How often each part of a record kept in parts was seen. */
    private record Parts(int count, Map<Integer, Integer> seen) {
        /** How often all of them were. */
        private int complete() {
            return seen.size() < count ? 0 : Collections.min(seen.values());
        }
    }

    private static final class Partition {
        private final Roaring64Bitmap raw = new Roaring64Bitmap();
        private final Roaring64Bitmap clean = new Roaring64Bitmap();
        private final Roaring64Bitmap quarantine = new Roaring64Bitmap();
        private final Roaring64Bitmap released = new Roaring64Bitmap();
        private final Map<Long, Parts> parts = new HashMap<>();
        /** Raw's first retained offset. */
        private long rawStart;
        /** Up to where raw was read. */
        private long rawEnd;

        private long duplicated;

        private boolean knows(long offset) {
            return offset < rawStart || raw.contains(offset);
        }

        private Roaring64Bitmap judged() {
            return Roaring64Bitmap.or(clean, quarantine);
        }
    }

    private final Map<Integer, Partition> partitions = new TreeMap<>();
    private long foreign;

    /**
     * Opens the account of a raw partition, or sets its bounds anew.
     *
     * @param rawStart records before it are gone
     * @param rawEnd records from here on were not read: what is said of them is ignored
     */
    void open(int partition, long rawStart, long rawEnd) {
        Partition p = partitions.computeIfAbsent(partition, n -> new Partition());
        p.rawStart = rawStart;
        p.rawEnd = rawEnd;
    }

    /** Takes in a raw record of an open partition; a record is one whatever often it is read. */
    void raw(int partition, long offset) {
        Partition p = partitions.get(partition);
        if (p == null) {
            throw new IllegalArgumentException("partition " + partition + " is not open");
        }
        p.raw.addLong(offset);
    }

    /** Takes in a verdict. Returns false if there is no such record. */
    boolean verdict(Side side, int partition, long offset) {
        Partition p = partitions.get(partition);
        if (p == null || !p.knows(offset)) {
            return isLater(p, offset);
        }
        if (p.clean.contains(offset) || p.quarantine.contains(offset)) {
            p.duplicated++;
        }
        (side == Side.CLEAN ? p.clean : p.quarantine).addLong(offset);
        return true;
    }

    /**
     * Takes in part {@code index} of {@code count} of a quarantined record that is kept in parts: all together are one
     * verdict. Returns false if there is no such record.
     *
     * @param index from 1
     */
    boolean part(int partition, long offset, int index, int count) {
        Partition p = partitions.get(partition);
        if (p == null || !p.knows(offset)) {
            return isLater(p, offset);
        }
        Parts parts = p.parts.computeIfAbsent(offset, o -> new Parts(count, new HashMap<>()));
        if (index > count || parts.count != count) {
            foreign++;
            return false;
        }
        int before = parts.complete();
        parts.seen.merge(index, 1, Integer::sum);
        return parts.complete() == before || verdict(Side.QUARANTINE, partition, offset);
    }

    /** Takes in a released record on the clean topic. Returns false if there is no such record. */
    boolean released(int partition, long offset) {
        Partition p = partitions.get(partition);
        if (p == null || !p.knows(offset)) {
            return isLater(p, offset);
        }
        if (p.released.contains(offset)) {
            p.duplicated++;
        }
        p.released.addLong(offset);
        return true;
    }

    /** Whether a record is unknown because raw was not read that far; else it is foreign. */
    private boolean isLater(@Nullable Partition p, long offset) {
        boolean later = p != null && offset >= p.rawEnd;
        foreign += later ? 0 : 1;
        return later;
    }

    /** Verdicts, parts and releases that were about no record of raw. */
    long foreign() {
        return foreign;
    }

    /** The last raw offset before {@code checkpoint} without a verdict, or −1. */
    long lastUnjudged(int partition, long checkpoint) {
        Partition p = partitions.get(partition);
        if (p == null) {
            return -1;
        }
        Roaring64Bitmap unjudged = Roaring64Bitmap.andNot(p.raw, p.judged());
        remove(unjudged, checkpoint, Long.MAX_VALUE);
        return unjudged.isEmpty() ? -1 : unjudged.last();
    }

    /** The balance under these bounds, one for each open partition. */
    Balance balance(Map<Integer, Bounds> bounds) {
        long raw = 0;
        long clean = 0;
        long quarantined = 0;
        long released = 0;
        long pending = 0;
        long expired = 0;
        long missing = 0;
        long duplicated = 0;
        long doubted = 0;
        List<Missing> first = new ArrayList<>();
        for (Map.Entry<Integer, Partition> e : partitions.entrySet()) {
            Partition p = e.getValue();
            Bounds b = bounds.get(e.getKey());
            if (b == null) {
                throw new IllegalArgumentException("no bounds for partition " + e.getKey());
            }
            long start = Math.max(b.start, p.rawStart);
            Roaring64Bitmap judged = p.judged();
            Roaring64Bitmap old = Roaring64Bitmap.or(p.raw, judged);
            remove(old, start, Long.MAX_VALUE);
            expired += old.getLongCardinality();
            Roaring64Bitmap due = p.raw.clone();
            remove(due, 0, start);
            long all = due.getLongCardinality();
            remove(due, Math.max(start, b.checkpoint), Long.MAX_VALUE);
            pending += all - due.getLongCardinality();
            long isClean = Roaring64Bitmap.andCardinality(due, p.clean);
            clean += isClean;
            quarantined += Roaring64Bitmap.andCardinality(due, judged) - isClean;
            raw += due.getLongCardinality();
            due.andNot(judged);
            PeekableLongIterator without = due.getLongIterator();
            while (without.hasNext()) {
                long offset = without.next();
                if (offset >= b.doubtful) {
                    doubted++;
                    continue;
                }
                missing++;
                if (first.size() < AuditReport.MAX_IDS) {
                    first.add(new Missing(e.getKey(), offset));
                }
            }
            released += p.released.getLongCardinality();
            duplicated += p.duplicated;
        }
        return new Balance(
                raw - doubted,
                clean,
                quarantined,
                released,
                pending + doubted,
                expired,
                missing,
                duplicated,
                doubted,
                first);
    }

    /** Takes {@code [from, to)} out of a set. */
    private static void remove(Roaring64Bitmap set, long from, long to) {
        if (from < to) {
            Roaring64Bitmap range = new Roaring64Bitmap();
            long last = set.isEmpty() ? -1 : set.last();
            if (from <= last) {
                range.addRange(from, Math.min(to, last + 1));
                set.andNot(range);
            }
        }
    }
}
