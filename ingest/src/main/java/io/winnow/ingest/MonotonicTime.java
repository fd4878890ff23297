package io.winnow.ingest;

import java.util.concurrent.TimeUnit;

/** A clock that never goes back, and a way to wait by it. */
public interface MonotonicTime {
    /** Nanoseconds since some fixed moment. */
    long nanos();

    /**
     * Waits.
     *
     * @param nanos how long
     */
    void sleep(long nanos) throws InterruptedException;

    /** The machine's. */
    static MonotonicTime system() {
        return new MonotonicTime() {
            @Override
            public long nanos() {
                return System.nanoTime();
            }

            @Override
            public void sleep(long nanos) throws InterruptedException {
                TimeUnit.NANOSECONDS.sleep(nanos);
            }
        };
    }
}
