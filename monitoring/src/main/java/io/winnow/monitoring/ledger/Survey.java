package io.winnow.monitoring.ledger;

import java.util.ArrayList;
import java.util.List;
import org.roaringbitmap.RoaringBitmap;

/** Adds up the open pages of an account under given bounds, and finds those that can be closed. */
final class Survey {
    private final int partition;
    private final long start;
    private final long checkpoint;
    private final long doubtful;
    private final int maxRanges;

    private final List<Closed> closed = new ArrayList<>();
    private final List<RawRange> ranges = new ArrayList<>();
    private Closed sum = new Closed(0, 0, 0, 0, 0, 0, 0);
    private long missing;
    private long doubted;

    /**
     * @param start records before it are expired
     * @param checkpoint records from here on are pending
     * @param doubtful records from here on without a verdict are pending too
     * @param maxRanges how many ranges of missing records are named
     */
    Survey(int partition, long start, long checkpoint, long doubtful, int maxRanges) {
        this.partition = partition;
        this.start = start;
        this.checkpoint = checkpoint;
        this.doubtful = doubtful;
        this.maxRanges = maxRanges;
    }

    /** What a page comes to. {@code seen} are raw records before the checkpoint or the start. */
    record Closed(long index, long seen, long raw, long clean, long quarantined, long expired, long foreign) {
        private Closed plus(Closed o) {
            return new Closed(
                    0,
                    seen + o.seen,
                    raw + o.raw,
                    clean + o.clean,
                    quarantined + o.quarantined,
                    expired + o.expired,
                    foreign + o.foreign);
        }

        void addTo(AccountHead head) {
            head.closedSeen += seen;
            head.raw += raw;
            head.clean += clean;
            head.quarantined += quarantined;
            head.expired += expired;
            head.foreign += foreign;
        }
    }

    long start() {
        return start;
    }

    List<Closed> closed() {
        return closed;
    }

    /** Adds a page; pages come in order. */
    void add(long index, Page page) {
        long first = index * Page.SIZE;
        long from = clamp(start - first);
        long to = Math.max(from, clamp(checkpoint - first));
        RoaringBitmap judged = page.judged();
        RoaringBitmap due = within(page.raw, from, to);
        RoaringBitmap open = RoaringBitmap.andNot(due, judged);
        long clean = RoaringBitmap.andCardinality(due, page.clean);
        Closed figures = new Closed(
                index,
                page.raw.rangeCardinality(0, to),
                due.getCardinality(),
                clean,
                RoaringBitmap.andCardinality(due, judged) - clean,
                RoaringBitmap.or(page.raw, judged).rangeCardinality(0, from),
                RoaringBitmap.andNot(within(judged, from, to), page.raw).getCardinality());
        sum = sum.plus(figures);
        if (open.isEmpty() && first + Page.SIZE <= checkpoint) {
            closed.add(figures);
        }
        open.forEach((int bit) -> unjudged(first + bit));
    }

    private void unjudged(long offset) {
        if (offset >= doubtful) {
            doubted++;
            return;
        }
        missing++;
        RawRange last = ranges.isEmpty() ? null : ranges.get(ranges.size() - 1);
        if (last != null && last.last() + 1 == offset) {
            ranges.set(ranges.size() - 1, new RawRange(partition, last.first(), offset));
        } else if (ranges.size() < maxRanges) {
            ranges.add(new RawRange(partition, offset, offset));
        }
    }

    /** The balance of the account with these sums of what was closed before. */
    Balance balance(AccountHead head) {
        return new Balance(
                head.raw + sum.raw - doubted,
                head.clean + sum.clean,
                head.quarantined + sum.quarantined,
                head.released,
                head.seen - head.closedSeen - sum.seen + doubted,
                head.expired + sum.expired,
                missing,
                head.duplicated,
                doubted,
                head.foreign + sum.foreign,
                ranges);
    }

    private static long clamp(long bit) {
        return Math.max(0, Math.min(Page.SIZE, bit));
    }

    private static RoaringBitmap within(RoaringBitmap bits, long from, long to) {
        RoaringBitmap range = new RoaringBitmap();
        range.add(from, to);
        range.and(bits);
        return range;
    }
}
