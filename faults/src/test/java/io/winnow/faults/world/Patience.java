package io.winnow.faults.world;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** Waits on conditions. */
public final class Patience {
    private static final long LOOK_MILLIS = 25;

    private Patience() {}

    /**
     * Returns once a condition holds.
     *
     * @param what it says, for the error
     * @throws IllegalStateException if it does not hold in time
     */
    public static void await(String what, Duration atMost, Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!condition.call()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("not within " + atMost.toSeconds() + " s: " + what);
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
    }
}
