package io.winnow.core.hygiene;

/** What the laws are about: each view on its own, the three together, and the whole with the sequence's views. */
enum View {
    FIELDS(0, false),
    PROJECTIONS(1, false),
    GAUSSIAN(2, false),
    COMBINATION(3, false),
    CHANGE(4, true),
    RUN(5, true),
    DETECTOR(6, true);

    /** Place among a scorer's raw scores. */
    private final int place;
    /** Whether it needs a contract that compares rows with their key's last ones. */
    final boolean contextual;

    View(int place, boolean contextual) {
        this.place = place;
        this.contextual = contextual;
    }

    /** Its raw score of the row last scored; NaN where it does not look at that row. */
    double raw(Scorer scorer) {
        return scorer.rawScores()[place];
    }

    /**
     * Its calibrated bits of the row last scored; NaN where it does not look at that row.
     *
     * @param scored what the scorer gave for the row
     */
    double bits(Scorer scorer, double scored) {
        return switch (this) {
            case FIELDS, PROJECTIONS, GAUSSIAN -> scorer.viewBits()[place];
            case CHANGE, RUN -> scorer.viewBits()[place - 1];
            case COMBINATION, DETECTOR -> scored;
        };
    }
}
