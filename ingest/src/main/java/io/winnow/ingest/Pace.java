package io.winnow.ingest;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Lets records go at a steady rate. A delay is caught up by at most one second's worth. Not thread-safe. */
final class Pace {
    private static final long MAX_DEBT = TimeUnit.SECONDS.toNanos(1);
    /** Waits are cut into pieces, so that a stop is seen soon. */
    private static final long SLICE = TimeUnit.MILLISECONDS.toNanos(100);

    private final double nanosPerRecord;
    private final MonotonicTime time;
    private double due;

    /** @param rate records per second; positive infinity for as fast as it goes */
    Pace(double rate, MonotonicTime time) {
        this.nanosPerRecord = 1e9 / rate;
        this.time = time;
        this.due = time.nanos();
    }

    /** Waits until the next record may go, or until it is stopped. */
    void await(BooleanSupplier stopped) throws InterruptedException {
        if (nanosPerRecord == 0) {
            return;
        }
        long now = time.nanos();
        while (now < due && !stopped.getAsBoolean()) {
            time.sleep(Math.min(SLICE, (long) Math.ceil(due - now)));
            now = time.nanos();
        }
        due = Math.max(due, now - (double) MAX_DEBT) + nanosPerRecord;
    }
}
