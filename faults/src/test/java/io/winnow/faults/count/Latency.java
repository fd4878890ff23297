package io.winnow.faults.count;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * How long records took from their Kafka timestamp, the moment they were due to be sent, to a readable verdict: the worst
 * of each second. A record that could not be sent in time is late too. Not thread-safe.
 */
public final class Latency {
    private final Map<Long, Long> worst = new HashMap<>();

    /**
     * A record has got its verdict.
     *
     * @param dueMillis its timestamp, milliseconds since 1970
     * @param nowMillis when the verdict was read
     */
    public void note(long dueMillis, long nowMillis) {
        worst.merge(Math.floorDiv(dueMillis, 1_000), nowMillis - dueMillis, Math::max);
    }

    /** The worst, ms, of the records that were due from one moment to before another, ms since 1970; empty if none were. */
    public OptionalLong worst(long fromMillis, long toMillis) {
        long most = -1;
        for (long s = Math.floorDiv(fromMillis, 1_000); s <= Math.floorDiv(toMillis - 1, 1_000); s++) {
            most = Math.max(most, worst.getOrDefault(s, -1L));
        }
        return most < 0 ? OptionalLong.empty() : OptionalLong.of(most);
    }

    /**
     * When records became as fast as usual again, and stayed so for a few seconds.
     *
     * @param fromMillis when something happened, ms since 1970
     * @param toMillis where to look no further
     * @param usualMillis what is usual at most
     * @param calmSeconds for how many seconds in a row
     * @return from then on, in seconds after {@code fromMillis}, a record is as fast as usual; empty if that did not come
     */
    public OptionalLong back(long fromMillis, long toMillis, long usualMillis, int calmSeconds) {
        long first = Math.floorDiv(fromMillis, 1_000);
        long calm = first;
        for (long s = first; s < Math.floorDiv(toMillis, 1_000); s++) {
            Long latency = worst.get(s);
            if (latency == null || latency > usualMillis) {
                calm = s + 1;
            } else if (s - calm + 1 >= calmSeconds) {
                return OptionalLong.of(calm - first);
            }
        }
        return OptionalLong.empty();
    }
}
