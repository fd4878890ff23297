package io.winnow.hygiene.learn;

import io.winnow.core.hygiene.ProfileMaker;

/**
 * How long a profile stays in force at least: a twelfth of a second at first, a quarter up to some two minutes, for a
 * young stream still shows new sides of itself; then each a little longer than the one before, up to a minute.
 */
final class Pace {
    /** However many rows wait for it. */
    static final long LEAST_MILLIS = 40;

    private static final double FIRST_MILLIS = 80;
    private static final int FIRST_GENERATIONS = 60;
    private static final double YOUNG_MILLIS = 250;
    private static final int YOUNG_GENERATIONS = 500;
    private static final double GROWTH = 1.1;
    private static final double LAST_MILLIS = 60_000;

    private Pace() {}

    /**
     * The generation that a line of profiles has come to at least, if nothing but its newest profile is known: a stream that
     * is known is not made to look young again by a job without a checkpoint.
     *
     * @param learned rows that the profile has learned
     */
    static int generationAfter(long learned) {
        return learned < ProfileMaker.KNOWN_ROWS ? 0 : FIRST_GENERATIONS;
    }

    /**
     * The pause after a profile.
     *
     * @param generation profiles made before it since the cold start
     * @return milliseconds
     */
    static long millisAfter(int generation) {
        if (generation < FIRST_GENERATIONS) {
            return (long) FIRST_MILLIS;
        }
        int grown = Math.max(0, generation - YOUNG_GENERATIONS);
        return (long) Math.min(LAST_MILLIS, YOUNG_MILLIS * Math.pow(GROWTH, grown));
    }
}
