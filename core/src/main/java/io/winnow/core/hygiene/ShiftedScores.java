package io.winnow.core.hygiene;

/**
 * What the calibrations of a young stream go by once its scores are not what they were: its densities have become sharper,
 * or its rows are others. Counts like {@link Tally}'s, that forget when that happens; without it, bits are too many or too
 * few until all that came before is outweighed. The tail is not theirs to judge: it takes far more rows to see
 * ({@link Calibration}). Empty where scores never shifted. Immutable.
 */
final class ShiftedScores {
    static final ShiftedScores NONE = new ShiftedScores(new int[0]);

    /**
     * Of √n times the largest difference between two distribution functions (Kolmogorov 1933, Smirnov 1948), n being the
     * fresh rows: chance goes beyond it once in 100,000 shares. The remembered rows are many, and taken as known.
     */
    private static final double CRITICAL = 2.5;
    /** What is kept of what is remembered, where fresh scores are others. */
    private static final double KEPT = 0.2;

    private final int[] views;

    private ShiftedScores(int[] views) {
        this.views = views;
    }

    boolean isEmpty() {
        return views.length == 0;
    }

    /** {@link Grid#CELLS} of each view and of their combination, in {@link Tally#ONE}s; not to be written to. */
    int[] views() {
        return views;
    }

    /**
     * With a share of rows more.
     *
     * @param known what the stream's tally remembers without forgetting: where a first shift begins
     * @param fresh the share's scores, each counted once
     * @param room rows that each view may remember besides them
     * @param unit what each of the fresh rows counts
     * @param mayForget whether a shift is followed, and not only remembered
     */
    ShiftedScores next(int[] known, int[] fresh, double[] room, int unit, boolean mayForget) {
        int[] before = isEmpty() ? known : views;
        boolean[] forgets = new boolean[room.length];
        boolean shows = !isEmpty();
        for (int v = 0; v < room.length; v++) {
            forgets[v] = mayForget && areOthers(before, fresh, v);
            shows |= forgets[v];
        }
        if (!shows) {
            return NONE;
        }
        int[] next = before.clone();
        for (int v = 0; v < room.length; v++) {
            Tally.fadeScores(next, v, Math.min(room[v], Tally.scores(next, v) * (forgets[v] ? KEPT : 1)));
        }
        Tally.add(next, fresh, unit);
        return new ShiftedScores(next);
    }

    /** Whether a view's fresh scores are others than those remembered, by more than chance. */
    private static boolean areOthers(int[] known, int[] fresh, int view) {
        int from = view * Grid.CELLS;
        long knownRows = 0;
        long freshRows = 0;
        for (int i = from; i < from + Grid.CELLS; i++) {
            knownRows += known[i];
            freshRows += fresh[i];
        }
        if (knownRows == 0 || freshRows == 0) {
            return false;
        }
        long knownBelow = 0;
        long freshBelow = 0;
        double largest = 0;
        for (int i = from; i < from + Grid.CELLS; i++) {
            knownBelow += known[i];
            freshBelow += fresh[i];
            double difference = knownBelow / (double) knownRows - freshBelow / (double) freshRows;
            largest = Math.max(largest, Math.abs(difference));
        }
        return largest * Math.sqrt(freshRows) > CRITICAL;
    }

    void write(Wire.Out out) {
        out.sparse(views, 0);
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws IllegalArgumentException if it is no such thing
     */
    static ShiftedScores read(Wire.In in) {
        int[] views = new int[(Frame.VIEWS + 1) * Grid.CELLS];
        in.sparse(views, 0);
        return new ShiftedScores(views);
    }
}
