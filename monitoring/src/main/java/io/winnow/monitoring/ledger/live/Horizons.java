package io.winnow.monitoring.ledger.live;

import io.winnow.monitoring.ledger.Horizon;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What the watch tells the accounts; read and written by any thread. */
final class Horizons {
    private final AtomicReference<@Nullable Reached> reached = new AtomicReference<>();
    private volatile Map<Integer, Long> rawEnds = Map.of();

    /**
     * Horizons by raw partition, of which everything that they cover is in the accounts.
     *
     * @param number grows with each: the same ones again are news too
     */
    record Reached(long number, Map<Integer, Horizon> horizons) {
        Reached {
            horizons = Map.copyOf(horizons);
        }
    }

    /** Raw's ends as they are now, by partition: no record is known beyond them. */
    void ends(Map<Integer, Long> ends) {
        rawEnds = Map.copyOf(ends);
    }

    /** These are reached now. */
    void reached(Map<Integer, Horizon> horizons) {
        reached.updateAndGet(before -> new Reached(before == null ? 1 : before.number + 1, horizons));
    }

    /** The newest ones; null while there are none. */
    @Nullable
    Reached reached() {
        return reached.get();
    }

    /** Raw's known end; 0 where it has no such partition as far as known. */
    long rawEnd(int partition) {
        return rawEnds.getOrDefault(partition, 0L);
    }

    /** How many partitions raw has, as far as known. */
    int partitions() {
        return rawEnds.size();
    }
}
