package io.winnow.core.hygiene;

/**
 * Numeric fields that hardly ever varied. When one begins to, each of its values is as surprising as can be, though little is
 * known but that they were all the same: that is a change of the stream, and shows in fewer rows than a change of level
 * ({@link Recent}) does.
 */
final class Constants {
    /** A field that had one value in so many rows … */
    private static final long KNOWN_ROWS = 1_000;
    /** … and in this share of all that were learned is constant. The others are faults that were not found. */
    private static final double CONSTANT = 0.97;
    /** So many rows of one share have others, and are refused by far … */
    private static final int VARYING_ROWS = 128;
    /** … and so large a part of it. */
    private static final double VARYING = 0.1;

    private Constants() {}

    /**
     * Whether a constant field of a profile begins to vary.
     *
     * @param share judged by it
     */
    static boolean vary(Tally known, Summary share) {
        if (share.tally().recent.refused < Math.max(VARYING_ROWS, VARYING * share.rows())) {
            return false;
        }
        for (int j = 0; j < known.missing.length; j++) {
            int only = only(known.fields, j);
            if (only >= 0 && vary(share.unlearned().fields, j, only)) {
                return true;
            }
        }
        return false;
    }

    /** The cell in which nearly all that is known of a column lies; −1 where there is none, or too few rows. */
    private static int only(int[] fields, int column) {
        int only = column * Grid.CELLS;
        long rows = 0;
        for (int i = column * Grid.CELLS; i < (column + 1) * Grid.CELLS; i++) {
            rows += fields[i];
            only = fields[i] > fields[only] ? i : only;
        }
        return fields[only] >= Math.max(KNOWN_ROWS * Tally.ONE, CONSTANT * rows) ? only : -1;
    }

    /** Whether it has several other values, and not just another one. */
    private static boolean vary(int[] fields, int column, int only) {
        long rows = 0;
        int cells = 0;
        for (int i = column * Grid.CELLS; i < (column + 1) * Grid.CELLS; i++) {
            if (i != only) {
                rows += fields[i];
                cells += fields[i] > 0 ? 1 : 0;
            }
        }
        return rows >= VARYING_ROWS && cells > 1;
    }
}
