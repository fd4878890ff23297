package io.winnow.core.hygiene;

/**
 * What the laws are about: each view on its own, the three together, the same with the sequence's views, and how far a row
 * lies beyond its fields' ranges. A row's bits are the larger of the last two.
 */
enum View {
    FIELDS(0, false),
    PROJECTIONS(1, false),
    GAUSSIAN(2, false),
    COMBINATION(3, false),
    CHANGE(4, true),
    RUN(5, true),
    DETECTOR(6, true),
    RANGES(-1, false);

    /** Place among a scorer's raw scores; −1 for what is none of them. */
    private final int place;
    /** Whether it needs a contract that compares rows with their key's last ones. */
    final boolean contextual;

    View(int place, boolean contextual) {
        this.place = place;
        this.contextual = contextual;
    }

    /** Its raw score of the row last scored; NaN where it does not look at that row. */
    double raw(Scorer scorer) {
        return this == RANGES ? scorer.rangeBits() : scorer.rawScores()[place];
    }

    /** Its calibrated bits of the row last scored; NaN where it does not look at that row. */
    double bits(Scorer scorer) {
        return switch (this) {
            case FIELDS, PROJECTIONS, GAUSSIAN -> scorer.viewBits()[place];
            case CHANGE, RUN -> scorer.viewBits()[place - 1];
            case COMBINATION, DETECTOR -> scorer.usualBits();
            case RANGES -> scorer.rangeBits();
        };
    }
}
