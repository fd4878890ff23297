package io.winnow.hygiene.breaker;

import java.io.Serializable;
import java.util.function.Consumer;

/** Where operators say that a stopped stream is to go on. Travels with the job graph; opens its connections where it runs. */
public interface GoAheads extends Serializable {
    /** The place behind what has been said until now. */
    long end();

    /**
     * Waits for the next word, on a thread of its own.
     *
     * @param from a place that {@link #end} gave
     * @param onGoAhead called once, for the first word at or behind that place; may throw
     *     {@link java.util.concurrent.RejectedExecutionException} when nobody waits any more
     * @param onFailure called once if it can never be known
     */
    Watch watch(long from, Runnable onGoAhead, Consumer<Throwable> onFailure);

    /** Somebody who waits. */
    interface Watch extends AutoCloseable {
        @Override
        void close();
    }
}
