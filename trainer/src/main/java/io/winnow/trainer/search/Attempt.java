package io.winnow.trainer.search;

/**
 * One point that was tried.
 *
 * @param number from 0, in order
 * @param phase why it was tried
 * @param point in the unit cube
 * @param share of the full budget that it got
 * @param loss what came of it; infinite where nothing did
 */
public record Attempt(int number, Phase phase, double[] point, double share, double loss) {

    /** Why a point is tried. */
    public enum Phase {
        /** It was given: the default. */
        GIVEN,
        /** Drawn at random, and then among the best of its rung. */
        HALVING,
        /** Where the best ones lead. */
        EVOLUTION
    }

    /** Whether it got the full budget. */
    public boolean isFull() {
        return share == 1;
    }
}
