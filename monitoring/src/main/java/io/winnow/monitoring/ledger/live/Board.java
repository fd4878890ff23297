package io.winnow.monitoring.ledger.live;

import io.winnow.monitoring.ledger.Balance;
import io.winnow.monitoring.ledger.Horizon;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** The newest balance of each raw partition, for metrics and page; read and written by any thread. */
final class Board {
    private final LongSupplier nanos;
    private final long began;
    private final Map<Integer, Entry> entries = new ConcurrentHashMap<>();

    /**
     * A partition's.
     *
     * @param horizon that it is proved up to
     * @param movedNanos when the proof went on, or nothing was left to prove
     */
    record Entry(Balance balance, Horizon horizon, long movedNanos) {
        /** Grows with what is proved. */
        private long mark() {
            return horizon.checkpoint() - balance.doubted();
        }
    }

    /**
     * An empty one.
     *
     * @param nanos a clock as {@link System#nanoTime()}
     */
    Board(LongSupplier nanos) {
        this.nanos = nanos;
        this.began = nanos.getAsLong();
    }

    void put(int partition, Horizon horizon, Balance balance) {
        long now = nanos.getAsLong();
        entries.compute(partition, (p, before) -> {
            Entry next = new Entry(balance, horizon, now);
            boolean stands = before != null && balance.pending() > 0 && next.mark() <= before.mark();
            return stands ? new Entry(balance, horizon, before.movedNanos) : next;
        });
    }

    /** Another process keeps this partition's account now. */
    void remove(int partition) {
        entries.remove(partition);
    }

    Map<Integer, Entry> entries() {
        return new TreeMap<>(entries);
    }

    Balance sum() {
        return entries().values().stream().map(Entry::balance).reduce(Balance.ZERO, Balance::plus);
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    /** Seconds since the proof of some partition last went on, or had nothing left to prove. */
    double ageSeconds() {
        long oldest = entries.values().stream().mapToLong(Entry::movedNanos).reduce(Long.MAX_VALUE, Math::min);
        return (nanos.getAsLong() - (oldest == Long.MAX_VALUE ? began : oldest)) / 1e9;
    }
}
