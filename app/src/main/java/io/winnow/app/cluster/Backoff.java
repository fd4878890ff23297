package io.winnow.app.cluster;

import java.time.Duration;

/**
 * How long to wait before a process is started again.
 *
 * @param pause before the next start
 * @param earlyDeaths how often in a row it died soon after its start
 */
record Backoff(Duration pause, int earlyDeaths) {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST = Duration.ofSeconds(15);
    /** Who lived this long starts afresh: the next death is no sequel. */
    private static final Duration LIVED = Duration.ofSeconds(5);

    /** Of a process that has not died yet. */
    static final Backoff FRESH = new Backoff(FIRST_PAUSE, 0);

    /** After a death at this age. */
    Backoff afterDeath(Duration age) {
        if (age.compareTo(LIVED) >= 0) {
            return FRESH;
        }
        Duration doubled = pause.multipliedBy(2);
        return new Backoff(doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled, earlyDeaths + 1);
    }
}
