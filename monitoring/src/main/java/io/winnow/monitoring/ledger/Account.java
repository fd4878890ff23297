package io.winnow.monitoring.ledger;

import io.winnow.monitoring.ledger.AccountStore.Kind;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/**
 * The account of one raw partition: which of its records have a verdict. Raw records, verdicts and releases may be taken in
 * in any order. Audit and ledger keep the same account, the audit for once, the ledger for ever: {@link #settle} closes pages
 * whose records all have their verdict, and of those only sums stay. A page with a missing record stays open.
 *
 * <p>Verdicts on the partition of the same number lie in raw's order, so that a transaction can only hold those behind the
 * last readable one. Not thread-safe; no clock, no Kafka.
 */
public final class Account {
    /** So far beyond raw's known end a verdict is believed: raw is written to while this is read. */
    private static final long AHEAD = 1L << 26;

    private static final int CACHED_PAGES = 512;

    private final int partition;
    private final AccountStore store;
    private final AccountHead head;
    private boolean headDirty;
    private final LinkedHashMap<Long, Page> pages = new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, Page> eldest) {
            if (size() > CACHED_PAGES) {
                write(eldest.getKey(), eldest.getValue());
                return true;
            }
            return false;
        }
    };

    /** Opens the account of a raw partition as the store has it. */
    public Account(int partition, AccountStore store) {
        this.partition = partition;
        this.store = store;
        byte[] kept = store.get(Kind.HEAD, partition, 0);
        head = kept == null ? new AccountHead() : AccountHead.decode(kept);
    }

    /** Takes in a raw record; a record is one whatever often it is read. */
    public void raw(long offset) {
        Page page = page(offset);
        if (page != null && page.raw.checkedAdd(Page.bit(offset))) {
            page.dirty = true;
            head.seen++;
            head.rawLast = Math.max(head.rawLast, offset);
            headDirty = true;
        }
    }

    /**
     * Takes in what was sighted on a side.
     *
     * @param s of this partition
     * @param at where it lies on the partition of the same number, or −1 if on another; what was read there is not taken in
     *     again
     * @param rawEnd raw's end as far as known: what is said of records far beyond it is not believed
     */
    public void sighted(Side side, Sighting s, long at, long rawEnd) {
        boolean home = at >= 0;
        int i = side.ordinal();
        if (home && at < head.next[i]) {
            return;
        }
        head.next[i] = home ? at + 1 : head.next[i];
        headDirty = true;
        if (s.offset() >= Math.max(rawEnd, head.rawLast + 1) + AHEAD) {
            head.foreign++;
            return;
        }
        if (side == Side.CLEAN && s.released()) {
            released(s.offset());
            return;
        }
        if (side == Side.CLEAN || s.parts() == 1 || isWhole(s)) {
            verdict(side, s.offset());
        }
        // What was replayed lies out of order, and an offset that raw has not reached says nothing of it.
        if (home && !s.replayed() && s.offset() < Math.max(rawEnd, head.rawLast + 1)) {
            head.first[i] = head.first[i] < 0 ? s.offset() : head.first[i];
            head.last[i] = Math.max(head.last[i], s.offset());
        }
    }

    private void verdict(Side side, long offset) {
        Page page = page(offset);
        int bit = Page.bit(offset);
        if (page == null || page.isJudged(bit)) {
            head.duplicated++;
        }
        if (page != null && page.side(side).checkedAdd(bit)) {
            page.dirty = true;
        }
    }

    /** Whether this part completes the record: all parts together are one verdict. */
    private boolean isWhole(Sighting s) {
        byte[] before = store.get(Kind.PARTS, partition, s.offset());
        ByteBuffer kept = before == null ? null : ByteBuffer.wrap(before);
        if (kept != null && kept.getInt() != s.parts()) {
            head.foreign++;
            return false;
        }
        RoaringBitmap seen = kept == null ? new RoaringBitmap() : Bitmaps.read(kept);
        seen.add(s.part());
        boolean whole = seen.getCardinality() == s.parts();
        byte[] bits = Bitmaps.write(whole ? new RoaringBitmap() : seen);
        store.put(
                Kind.PARTS,
                partition,
                s.offset(),
                ByteBuffer.allocate(Integer.BYTES + bits.length)
                        .putInt(s.parts())
                        .put(bits)
                        .array());
        return whole;
    }

    private void released(long offset) {
        long number = offset >>> Short.SIZE;
        byte[] before = store.get(Kind.RELEASED, partition, number);
        RoaringBitmap released = before == null ? new RoaringBitmap() : Bitmaps.read(before);
        if (released.checkedAdd((int) (offset & 0xffff))) {
            store.put(Kind.RELEASED, partition, number, Bitmaps.write(released));
            head.released++;
        } else {
            head.duplicated++;
        }
    }

    /** The page of an offset, made if it is not there yet; null if it is closed. */
    private @Nullable Page page(long offset) {
        long index = Page.index(offset);
        Page page = pages.get(index);
        if (page == null) {
            byte[] kept = store.get(Kind.PAGE, partition, index);
            if (kept == null && index < head.closedPages) {
                return null;
            }
            page = kept == null ? new Page() : Page.decode(kept);
            pages.put(index, page);
        }
        return page;
    }

    /** Writes all that has changed to the store. */
    public void flush() {
        pages.forEach(this::write);
        if (headDirty) {
            store.put(Kind.HEAD, partition, 0, head.encode());
            headDirty = false;
        }
    }

    private void write(long index, Page page) {
        if (page.dirty) {
            store.put(Kind.PAGE, partition, index, page.encode());
            page.dirty = false;
        }
    }

    /**
     * The balance under a horizon, when all is taken in that could be read at its time: raw up to its checkpoint, and each
     * side up to its readable end.
     *
     * @param ranges how many ranges of missing records to name at most
     */
    public Balance balance(Horizon horizon, int ranges) {
        flush();
        return survey(horizon, ranges).balance(head);
    }

    /** The same, and closes every page that has nothing open. Writes all that has changed to the store. */
    public Balance settle(Horizon horizon, int ranges) {
        flush();
        Survey survey = survey(horizon, ranges);
        Balance balance = survey.balance(head);
        for (Survey.Closed closed : survey.closed()) {
            closed.addTo(head);
            pages.remove(closed.index());
            store.put(Kind.PAGE, partition, closed.index(), null);
            long first = closed.index() * Page.SIZE;
            List<Long> parts = new ArrayList<>();
            store.scan(Kind.PARTS, partition, first, first + Page.SIZE - 1, (value, offset) -> parts.add(offset));
            parts.forEach(offset -> store.put(Kind.PARTS, partition, offset, null));
        }
        byte[] before = head.encode();
        head.closedPages = Math.max(head.closedPages, Page.index(horizon.checkpoint()));
        head.start = Math.max(head.start, start(horizon));
        for (Side side : Side.values()) {
            int i = side.ordinal();
            head.through[i] = Math.max(head.through[i], horizon.ends(side).readable());
        }
        headDirty = !survey.closed().isEmpty() || !java.util.Arrays.equals(before, head.encode());
        flush();
        return balance;
    }

    private Survey survey(Horizon horizon, int ranges) {
        Survey survey = new Survey(partition, start(horizon), horizon.checkpoint(), doubtful(horizon), ranges);
        long last = Page.index(Math.max(0, Math.max(survey.start(), horizon.checkpoint()) - 1));
        store.scan(Kind.PAGE, partition, 0, last, (value, index) -> survey.add(index, Page.decode(value)));
        return survey;
    }

    /** Records before it are expired: retention removed them, or may have removed their verdicts. */
    private long start(Horizon horizon) {
        long start = Math.max(head.start, horizon.rawStart());
        for (Side side : Side.values()) {
            int i = side.ordinal();
            if (horizon.ends(side).start() <= Math.max(0, head.through[i])) {
                continue;
            }
            // Verdicts are gone unread: at first those before the first one left, else nobody can say which.
            boolean known = head.through[i] < 0 && head.first[i] >= 0;
            start = Math.max(start, known ? head.first[i] : lastUnjudged(horizon.checkpoint()) + 1);
        }
        return start;
    }

    /** Records from there on without a verdict may have it in an open transaction. */
    private long doubtful(Horizon horizon) {
        long doubtful = Long.MAX_VALUE;
        for (Side side : Side.values()) {
            if (horizon.ends(side).isOpen()) {
                doubtful = Math.min(doubtful, head.last[side.ordinal()] + 1);
            }
        }
        return doubtful;
    }

    /** The last raw offset before {@code checkpoint} without a verdict, or −1. */
    private long lastUnjudged(long checkpoint) {
        long[] last = {-1};
        store.scan(Kind.PAGE, partition, 0, Page.index(Math.max(0, checkpoint - 1)), (value, index) -> {
            Page page = Page.decode(value);
            RoaringBitmap open = RoaringBitmap.andNot(page.raw, page.judged());
            long first = index * Page.SIZE;
            open.forEach((int bit) -> last[0] = first + bit < checkpoint ? first + bit : last[0]);
        });
        return last[0];
    }

    /** How one offset stands, under a horizon as for {@link #balance}; of an account that was never settled. */
    public Standing standing(long offset, Horizon horizon) {
        flush();
        byte[] kept = store.get(Kind.PAGE, partition, Page.index(offset));
        Page page = kept == null ? new Page() : Page.decode(kept);
        int bit = Page.bit(offset);
        if (page.isJudged(bit)) {
            return Standing.JUDGED;
        }
        if (offset < start(horizon)) {
            return Standing.EXPIRED;
        }
        if (offset >= horizon.checkpoint() && offset < horizon.rawEnd()) {
            return Standing.PENDING;
        }
        if (!page.raw.contains(bit)) {
            return Standing.NO_RECORD;
        }
        return offset >= doubtful(horizon) ? Standing.DOUBTED : Standing.MISSING;
    }
}
