package io.winnow.monitoring.ledger.live;

import io.winnow.monitoring.ledger.Horizon;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What the watch tells the accounts; read and written by any thread. */
final class Horizons {
    private final AtomicReference<@Nullable Map<Integer, Horizon>> reached = new AtomicReference<>();
    private volatile Map<Integer, Long> rawEnds = Map.of();

    /** Raw's ends as they are now, by partition: no record is known beyond them. */
    void ends(Map<Integer, Long> ends) {
        rawEnds = Map.copyOf(ends);
    }

    /** Horizons by raw partition, of which everything that they cover is in the accounts. */
    void reached(Map<Integer, Horizon> horizons) {
        reached.set(Map.copyOf(horizons));
    }

    /** The newest ones; null while there are none. */
    @Nullable
    Map<Integer, Horizon> reached() {
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
