package io.winnow.hygiene.learn;

/**
 * How long a profile stays in force at least: each a little longer than the one before, from 50 ms to a minute. So a
 * stream has some 27 profiles in its first four minutes, and then one a minute.
 */
final class Pace {
    private static final double FIRST_MILLIS = 50;
    private static final double GROWTH = 1.3;
    private static final double LAST_MILLIS = 60_000;

    private Pace() {}

    /**
     * The pause after a profile.
     *
     * @param generation profiles made before it since the cold start
     * @return milliseconds
     */
    static long millisAfter(int generation) {
        return (long) Math.min(LAST_MILLIS, FIRST_MILLIS * Math.pow(GROWTH, generation));
    }
}
