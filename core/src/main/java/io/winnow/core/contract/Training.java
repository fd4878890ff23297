package io.winnow.core.contract;

/**
 * When the trainer retrains, and on how much.
 *
 * @param window which of the clean rows
 * @param everyRows retrain after this many new clean rows
 * @param everyMinutes retrain after this many minutes if there are new clean rows
 * @param windowRows the newest clean rows that a model is trained and evaluated on, at most; not for a growing window
 * @param minRows below this many rows nothing is trained
 * @param budget the share of time that trainings may take, above 0 and at most 1: after each the trainer rests accordingly
 */
public record Training(WindowKind window, int everyRows, int everyMinutes, int windowRows, int minRows, double budget) {
    /** Rows of a growing window at most, so that it fits into memory. */
    private static final int MOST_ROWS = 2_000_000;

    /** Every 10,000 rows or 10 minutes, on the newest 100,000, from 1,000 rows on, half of the time at most. */
    public static final Training DEFAULT = new Training(WindowKind.SLIDING, 10_000, 10, 100_000, 1_000, 0.5);

    public Training {
        if (everyRows < 1 || everyMinutes < 1 || minRows < 50) {
            throw new IllegalArgumentException(
                    "training: every-rows and every-minutes must be at least 1 and min-rows at least 50");
        }
        if (!(budget > 0 && budget <= 1)) {
            throw new IllegalArgumentException("training: budget must be above 0 and at most 1, not " + budget);
        }
        if (windowRows < minRows) {
            throw new IllegalArgumentException(
                    "training: window-rows (" + windowRows + ") is below min-rows (" + minRows + ")");
        }
    }

    /** Rows that are kept to train on. */
    public int rowsKept() {
        return window == WindowKind.GROWING ? Math.max(MOST_ROWS, windowRows) : windowRows;
    }
}
