package io.winnow.core.hygiene;

import java.util.Arrays;

/**
 * The part of a {@link Tally} that knows how a key's rows follow each other. Changes are counted on every second edge of
 * the {@link Grid}; runs by how long they had been, and whether the next row went on or ended them.
 */
final class SequenceTally {
    /** Raw scores: change since the key's last row, run of an unchanged value, and all views together. */
    static final int SCORES = 3;
    /** Rows of each bin of runs that are remembered. */
    private static final long RUN_ROWS = 10_000L * Tally.ONE;
    /** Cells of a change. */
    static final int CELLS = Grid.CELLS / 2;

    /** Cells of each column's change, {@code columns × CELLS}. */
    final int[] changes;
    /** Rows of each column whose value was that of the row before, by that row's run, {@code columns × Runs.BINS}. */
    final int[] held;
    /** Rows of each column whose value was another. */
    final int[] ended;
    /** Cells of each raw score. */
    final int[] scores;

    SequenceTally(Frame frame) {
        changes = new int[frame.columns() * CELLS];
        held = new int[frame.columns() * Runs.BINS];
        ended = new int[held.length];
        scores = new int[SCORES * Grid.CELLS];
    }

    /**
     * Counts the raw scores of one row.
     *
     * @param raw the scores from {@code at}, in bits; NaN where the row was compared with nothing
     * @param unit what the row counts
     */
    void count(double[] raw, int at, int unit) {
        for (int v = 0; v < SCORES; v++) {
            if (!Double.isNaN(raw[at + v])) {
                scores[v * Grid.CELLS + Grid.cell(raw[at + v])] += unit;
            }
        }
    }

    private int[][] all() {
        return new int[][] {changes, held, ended, scores};
    }

    /** Adds another, each of its rows counted {@code unit} times. */
    void add(SequenceTally other, int unit) {
        Tally.add(changes, other.changes, unit);
        Tally.add(held, other.held, unit);
        Tally.add(ended, other.ended, unit);
        Tally.add(scores, other.scores, unit);
    }

    /** Takes a tally over into another frame: changes in its units, all else as it is. */
    void carry(SequenceTally before, Frame old, Frame frame) {
        System.arraycopy(before.held, 0, held, 0, held.length);
        System.arraycopy(before.ended, 0, ended, 0, ended.length);
        System.arraycopy(before.scores, 0, scores, 0, scores.length);
        for (int j = 0; j < frame.columns(); j++) {
            for (int i = 0; i < CELLS; i++) {
                int count = before.changes[j * CELLS + i];
                if (count > 0) {
                    double change = Grid.lower(2 * i + 1) * old.scale[j] / frame.scale[j];
                    changes[j * CELLS + Grid.cell(change) / 2] += count;
                }
            }
        }
    }

    /**
     * Fades changes and scores by a factor. Runs fade bin by bin, where there are more rows than are remembered: a field
     * that has been constant for long has no young runs any more, and must not forget how they went.
     */
    void fade(long factor) {
        Tally.fade(changes, factor);
        Tally.fade(scores, factor);
        for (int i = 0; i < held.length; i++) {
            long rows = (long) held[i] + ended[i];
            if (rows > RUN_ROWS) {
                held[i] = (int) (held[i] * RUN_ROWS / rows);
                ended[i] = (int) (ended[i] * RUN_ROWS / rows);
            }
        }
    }

    void clear() {
        for (int[] a : all()) {
            Arrays.fill(a, 0);
        }
    }

    void write(Wire.Out out, int grain) {
        out.sparse(changes, grain).sparse(held, 0).sparse(ended, 0).sparse(scores, 0);
    }

    void read(Wire.In in, int grain) {
        in.sparse(changes, grain);
        in.sparse(held, 0);
        in.sparse(ended, 0);
        in.sparse(scores, 0);
    }
}
