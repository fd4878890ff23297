package io.winnow.core.hygiene;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Counts of rows in a {@link Frame}'s coordinates: integers throughout, so that adding up in any grouping and any order
 * gives the same numbers. A summary counts in ones; a profile counts in units of {@code 1/ONE} so that old rows can fade
 * without rounding to nothing.
 */
final class Tally {
    /** A profile's unit: one row is this many. */
    static final int ONE = 1_024;
    /** Fixed-point unit of a decay factor. */
    private static final int DECAY_BITS = 20;

    /** Rows that the densities learned. */
    long rows;
    /** Rows that the calibration counted. */
    long judged;
    /** What a regime change shows in. */
    final Recent recent = new Recent();

    /** Cells of each column, {@code columns × CELLS}. */
    final int[] fields;
    /** Missing values of each column. */
    final int[] missing;
    /** Buckets of each category, missing last. */
    final int[] categories;
    /** Cells of each projection, {@code projections × CELLS}. */
    final int[] projections;
    /** Cells of each view's raw score, and of the combination. */
    final int[] views;
    /** How rows follow each other; null where the contract does not ask. */
    final @Nullable SequenceTally sequence;
    /** Of the Gaussian's columns. */
    final Moments moments;

    Tally(Frame frame) {
        fields = new int[frame.columns() * Grid.CELLS];
        missing = new int[frame.columns()];
        categories = new int[frame.category.length * (frame.buckets + 1)];
        projections = new int[frame.projections() * Grid.CELLS];
        views = new int[(Frame.VIEWS + 1) * Grid.CELLS];
        sequence = frame.layout.contextual() ? new SequenceTally(frame) : null;
        moments = new Moments(frame.gaussianColumns());
    }

    /** Adds another tally of the same shape, each of its rows counted {@code unit} times. */
    void add(Tally other, int unit) {
        add(other, unit, unit);
    }

    /**
     * Adds another tally of the same shape.
     *
     * @param unit what each row that the densities learned counts
     * @param calibrationUnit what each row that the calibration counted counts
     */
    void add(Tally other, int unit, int calibrationUnit) {
        rows += other.rows * unit;
        judged += other.judged * calibrationUnit;
        recent.add(other.recent, calibrationUnit);
        add(fields, other.fields, unit);
        add(missing, other.missing, unit);
        add(categories, other.categories, unit);
        add(projections, other.projections, unit);
        add(views, other.views, calibrationUnit);
        if (sequence != null && other.sequence != null) {
            sequence.add(other.sequence, calibrationUnit);
        }
        moments.add(other.moments, unit);
    }

    static void add(int[] a, int[] b, int unit) {
        for (int i = 0; i < a.length; i++) {
            a[i] = Math.addExact(a[i], Math.multiplyExact(b[i], unit));
        }
    }

    /** The most that any column has counted. */
    long largestColumn() {
        long largest = 0;
        for (int j = 0; j < missing.length; j++) {
            long sum = missing[j];
            for (int i = j * Grid.CELLS; i < (j + 1) * Grid.CELLS; i++) {
                sum += fields[i];
            }
            largest = Math.max(largest, sum);
        }
        return largest;
    }

    /** Fades what the densities learned by a factor. */
    void fadeDensities(double factor) {
        long f = Math.round(factor * (1 << DECAY_BITS));
        rows = rows * f >> DECAY_BITS;
        fade(fields, f);
        fade(missing, f);
        fade(categories, f);
        fade(projections, f);
        moments.fade(f, DECAY_BITS);
    }

    /** Fades what the calibration counted by a factor. */
    void fadeCalibration(double factor) {
        long f = Math.round(factor * (1 << DECAY_BITS));
        judged = judged * f >> DECAY_BITS;
        fade(views, f);
        if (sequence != null) {
            sequence.fade(f);
        }
    }

    /** Fades what the calibrations of the views counted to at most this many rows each. */
    void fadeViews(double rows) {
        for (int v = 0; v < Frame.VIEWS; v++) {
            fadeScores(v, rows);
        }
    }

    /** Fades what the calibration of the views' combination counted to at most this many rows. */
    void fadeCombined(double rows) {
        fadeScores(Frame.VIEWS, rows);
    }

    private void fadeScores(int view, double rows) {
        fadeScores(views, view, rows);
    }

    /** Rows that a view's scores count. */
    static double scores(int[] views, int view) {
        double total = 0;
        for (int i = view * Grid.CELLS; i < (view + 1) * Grid.CELLS; i++) {
            total += views[i] / (double) ONE;
        }
        return total;
    }

    /** Fades a view's scores to at most this many rows. */
    static void fadeScores(int[] views, int view, double rows) {
        int from = view * Grid.CELLS;
        double total = scores(views, view);
        if (total > rows) {
            long f = Math.round(rows / total * (1 << DECAY_BITS));
            for (int i = from; i < from + Grid.CELLS; i++) {
                views[i] = (int) (views[i] * f >> DECAY_BITS);
            }
        }
    }

    static void fade(int[] a, long f) {
        for (int i = 0; i < a.length; i++) {
            a[i] = (int) (a[i] * f >> DECAY_BITS);
        }
    }

    void clear() {
        rows = 0;
        judged = 0;
        recent.clear();
        for (int[] a : new int[][] {fields, missing, categories, projections, views}) {
            Arrays.fill(a, 0);
        }
        if (sequence != null) {
            sequence.clear();
        }
        moments.clear();
    }

    /** Rounds the cells, categories and projections to so many zero bits at the end. */
    void round(int grain) {
        for (int[] a : new int[][] {fields, categories, projections}) {
            round(a, grain);
        }
        if (sequence != null) {
            round(sequence.changes, grain);
        }
    }

    private static void round(int[] a, int grain) {
        for (int i = 0; grain > 0 && i < a.length; i++) {
            a[i] = (a[i] + (1 << grain >> 1)) >> grain << grain;
        }
    }

    /**
     * Writes.
     *
     * @param grain zero bits that each cell ends with: left out
     */
    void write(Wire.Out out, int grain) {
        out.integer(rows).integer(judged);
        recent.write(out);
        out.sparse(fields, grain)
                .sparse(missing, 0)
                .sparse(categories, grain)
                .sparse(projections, grain)
                .sparse(views, 0);
        moments.write(out);
        if (sequence != null) {
            sequence.write(out, grain);
        }
    }

    /** The recent rows of a tally that was written here, without the rest. */
    static Recent readRecent(Wire.In in) {
        in.natural(Long.MAX_VALUE);
        in.natural(Long.MAX_VALUE);
        Recent recent = new Recent();
        recent.read(in);
        return recent;
    }

    void read(Wire.In in, int grain) {
        rows = in.natural(Long.MAX_VALUE);
        judged = in.natural(Long.MAX_VALUE);
        recent.read(in);
        in.sparse(fields, grain);
        in.sparse(missing, 0);
        in.sparse(categories, grain);
        in.sparse(projections, grain);
        in.sparse(views, 0);
        moments.read(in);
        if (sequence != null) {
            sequence.read(in, grain);
        }
    }
}
