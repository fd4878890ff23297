package io.winnow.core.hygiene;

import java.util.Arrays;

/**
 * The LODA view (Pevný 2016): the mean surprisal of a row's sparse random projections. The table is immutable and shared;
 * the buffers are one thread's.
 */
final class Projections {
    private final Frame frame;
    /** Surprisal of each cell of each projection, fixed point. */
    private final int[] bits;
    /** One entry of every projection at a time: no addition waits for the one before it. */
    private final float[][] entries;

    private final float[] projected;
    private final float[] magnitudes;
    private final int[] cells;

    Projections(Frame frame, Tally tally) {
        this(frame, Density.table(tally.projections));
    }

    private Projections(Frame frame, int[] bits) {
        this.frame = frame;
        this.bits = bits;
        entries = new float[frame.sparsity][frame.projections()];
        projected = new float[frame.projections()];
        magnitudes = new float[frame.projections()];
        cells = new int[frame.projections()];
    }

    /** The same table with buffers of its own. */
    Projections forThread() {
        return new Projections(frame, bits);
    }

    /**
     * Mean surprisal over the projections that miss no field.
     *
     * @param z standardized columns, NaN where missing
     */
    double score(float[] z) {
        for (int i = 0; i < entries.length; i++) {
            gather(z, frame.projectionColumns[i], entries[i]);
        }
        project();
        Grid.cells(projected, magnitudes, cells);
        long sum = 0;
        int n = 0;
        for (int cell : cells) {
            if (cell >= 0) {
                sum += bits[cell];
                n++;
            }
        }
        return n == 0 ? frame.viewCenter[Scorer.PROJECTIONS] : sum / (double) Density.FIXED / n;
    }

    private static void gather(float[] z, int[] columns, float[] entries) {
        for (int p = 0; p < entries.length; p++) {
            entries[p] = z[columns[p]];
        }
    }

    private void project() {
        float[][] weights = frame.projectionWeights;
        Arrays.fill(projected, 0);
        int i = 0;
        for (; i + 1 < entries.length; i += 2) {
            add(entries[i], weights[i], entries[i + 1], weights[i + 1]);
        }
        if (i < entries.length) {
            add(entries[i], weights[i]);
        }
    }

    /** All arrays by one index, and no more of them: else C2 vectorizes nothing. */
    private void add(float[] a, float[] u, float[] b, float[] v) {
        float[] sums = projected;
        for (int p = 0; p < sums.length; p++) {
            sums[p] += a[p] * u[p] + b[p] * v[p];
        }
    }

    private void add(float[] a, float[] u) {
        float[] sums = projected;
        for (int p = 0; p < sums.length; p++) {
            sums[p] += a[p] * u[p];
        }
    }

    /** Counts where the row last scored fell. */
    void count(int[] counts) {
        for (int cell : cells) {
            if (cell >= 0) {
                counts[cell]++;
            }
        }
    }
}
