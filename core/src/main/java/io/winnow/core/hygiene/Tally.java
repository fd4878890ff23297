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
    /**
     * Fixed-point unit of a row's columns; products are in its square. So coarse that a profile's sums stay below 2^53:
     * integers, exact as doubles, which the processor multiplies and adds four at a time.
     */
    private static final double MOMENT = 1 << 10;
    /** Standardized values are clipped to ± this before they enter the moments: no row outweighs all others. */
    private static final double CLIP = 10;
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
    /** Sums of the Gaussian's columns. */
    final long[] sums;
    /** Sums of products, lower triangle by rows: integers all. */
    final double[] products;

    private final double[] fixed;

    Tally(Frame frame) {
        int g = frame.gaussianColumns();
        fields = new int[frame.columns() * Grid.CELLS];
        missing = new int[frame.columns()];
        categories = new int[frame.category.length * (frame.buckets + 1)];
        projections = new int[frame.projections() * Grid.CELLS];
        views = new int[(Frame.VIEWS + 1) * Grid.CELLS];
        sequence = frame.layout.contextual() ? new SequenceTally(frame) : null;
        sums = new long[g];
        products = new double[g * (g + 1) / 2];
        fixed = new double[g];
    }

    /** Adds one row's Gaussian columns. */
    void moments(double[] x) {
        for (int i = 0; i < sums.length; i++) {
            double clipped = Math.max(-CLIP, Math.min(CLIP, x[i]));
            fixed[i] = Math.rint(clipped * MOMENT);
        }
        int n = sums.length;
        for (int i = 0; i < n; i++) {
            sums[i] += (long) fixed[i];
        }
        int even = n & -2;
        for (int i = 0; i < even; i += 2) {
            addPair(i);
        }
        for (int j = 0; even < n && j <= even; j++) {
            products[even * (even + 1) / 2 + j] += fixed[even] * fixed[j];
        }
    }

    /** Two rows of products in one loop: half of the loops, which are short. */
    private void addPair(int i) {
        double a = fixed[i];
        double b = fixed[i + 1];
        int first = i * (i + 1) / 2;
        int second = first + i + 1;
        for (int j = 0; j <= i; j++) {
            double x = fixed[j];
            products[first + j] += a * x;
            products[second + j] += b * x;
        }
        products[second + i + 1] += b * b;
    }

    private static long[] longs(double[] integers) {
        return Arrays.stream(integers).mapToLong(x -> (long) x).toArray();
    }

    /** Mean of Gaussian column {@code i} over {@code rows} counts. */
    double mean(int i, double total) {
        return sums[i] / MOMENT / total;
    }

    /** Mean of the product of columns {@code i ≥ j}. */
    double product(int i, int j, double total) {
        return products[i * (i + 1) / 2 + j] / (MOMENT * MOMENT) / total;
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
        for (int i = 0; i < sums.length; i++) {
            sums[i] += other.sums[i] * unit;
        }
        for (int i = 0; i < products.length; i++) {
            products[i] += other.products[i] * unit;
        }
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
        // A decayed moment may exceed 2^43: multiply in two halves.
        for (int i = 0; i < sums.length; i++) {
            sums[i] = fade(sums[i], f);
        }
        for (int i = 0; i < products.length; i++) {
            products[i] = fade((long) products[i], f);
        }
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
        int from = view * Grid.CELLS;
        double total = 0;
        for (int i = from; i < from + Grid.CELLS; i++) {
            total += views[i] / (double) ONE;
        }
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

    private static long fade(long v, long f) {
        return Math.multiplyHigh(v, f) << (64 - DECAY_BITS) | (v * f) >>> DECAY_BITS;
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
        Arrays.fill(sums, 0);
        Arrays.fill(products, 0);
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
        out.integers(sums).integers(longs(products));
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
        in.integers(sums);
        long[] exact = new long[products.length];
        in.integers(exact);
        Arrays.setAll(products, i -> exact[i]);
        if (sequence != null) {
            sequence.read(in, grain);
        }
    }
}
