package io.winnow.monitoring.ledger.live;

import io.winnow.monitoring.ledger.Balance;
import io.winnow.monitoring.ledger.Horizon;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/** The newest balance of each raw partition, for metrics and page; read and written by any thread. */
final class Board {
    /** After a thread was replaced its partitions are back within this time, here or in another process. */
    private static final long LEFT_NANOS = 30_000_000_000L;

    private static final long FOR_EVER_NANOS = Long.MAX_VALUE / 2;

    /** Partitions that did not come within this time are another process's. */
    private static final long GATHER_NANOS = 10_000_000_000L;

    private final LongSupplier nanos;
    private final IntSupplier partitions;
    private final long began;
    private final Map<Integer, Entry> entries = new ConcurrentHashMap<>();

    /**
     * A partition's.
     *
     * @param horizon that it is proved up to
     * @param movedNanos when the proof went on, or nothing was left to prove
     * @param untilNanos when it is forgotten, if nobody keeps the account any more
     */
    record Entry(Balance balance, Horizon horizon, long movedNanos, long untilNanos) {
        /** Grows with what is proved. */
        private long mark() {
            return horizon.checkpoint() - balance.doubted();
        }
    }

    /**
     * An empty one.
     *
     * @param nanos a clock as {@link System#nanoTime()}
     * @param partitions how many raw has
     */
    Board(LongSupplier nanos, IntSupplier partitions) {
        this.nanos = nanos;
        this.partitions = partitions;
        this.began = nanos.getAsLong();
    }

    void put(int partition, Horizon horizon, Balance balance) {
        long now = nanos.getAsLong();
        entries.compute(partition, (p, before) -> {
            Entry next = new Entry(balance, horizon, now, now + FOR_EVER_NANOS);
            boolean stands = before != null && balance.pending() > 0 && next.mark() <= before.mark();
            return stands ? new Entry(balance, horizon, before.movedNanos, next.untilNanos) : next;
        });
    }

    /** Nobody here keeps this partition's account any more; the last balance stands for a while, for whoever comes next. */
    void leave(int partition) {
        entries.computeIfPresent(
                partition, (p, e) -> new Entry(e.balance, e.horizon, e.movedNanos, nanos.getAsLong() + LEFT_NANOS));
    }

    Map<Integer, Entry> entries() {
        long now = nanos.getAsLong();
        entries.values().removeIf(e -> now - e.untilNanos >= 0);
        return new TreeMap<>(entries);
    }

    Balance sum() {
        return entries().values().stream().map(Entry::balance).reduce(Balance.ZERO, Balance::plus);
    }

    /** Whether there are all balances that are to be had here: a part of them would look like the whole. */
    boolean isReady() {
        int there = entries().size();
        return there > 0 && (there >= partitions.getAsInt() || nanos.getAsLong() - began > GATHER_NANOS);
    }

    /** Seconds since the proof of some partition last went on, or had nothing left to prove. */
    double ageSeconds() {
        long oldest = entries().values().stream().mapToLong(Entry::movedNanos).reduce(Long.MAX_VALUE, Math::min);
        return (nanos.getAsLong() - (oldest == Long.MAX_VALUE ? began : oldest)) / 1e9;
    }
}
