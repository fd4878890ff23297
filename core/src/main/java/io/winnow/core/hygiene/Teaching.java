package io.winnow.core.hygiene;

import org.jspecify.annotations.Nullable;

/**
 * Decisions made ready to score: {@link Weights} folded into a table over the cells of each field. A row's surprise is
 * multiplied by a factor between 1/{@link #MAX_FACTOR} and {@link #MAX_FACTOR}; for the average ordinary row it is about 1.
 * Immutable.
 */
final class Teaching {
    /** No decision makes a row more than this many times as surprising, or as ordinary. */
    static final double MAX_FACTOR = 4;
    /** How fast the factor grows, for each bit gained: as 2^(bits/2) does at first. */
    private static final double SLOPE = 0.35;
    /** Mean bits of a clean row in a calibrated view, whatever the view: E[−log2 U] of a uniform U. */
    private static final double MEAN_BITS = 1 / Density.LOG2;

    private final double[] weights;
    private final Parts parts;
    private final float[] fields;
    private final float[] missing;
    private final float[] categories;
    /** What an ordinary row gains on average: taken off, so that ordinary rows stay where they are. */
    private final double ordinary;

    private Teaching(Frame frame, double[] weights, Tally tally, Fields.Tables bits) {
        this.weights = weights;
        parts = Parts.of(frame.layout);
        int buckets = frame.buckets + 1;
        float[] tail = bits.tail();
        fields = new float[tail.length];
        missing = new float[bits.missing.length];
        categories = new float[bits.categories.length];
        double mean = 0;
        for (int v = 0; v < Frame.VIEWS; v++) {
            mean += weights[v] * MEAN_BITS;
        }
        for (int j = 0; j < missing.length; j++) {
            double rows = tally.missing[j];
            missing[j] = gain(parts.side(j, Parts.MISSING), bits.missing[j]);
            double sum = rows * missing[j];
            for (int i = j * Grid.CELLS; i < (j + 1) * Grid.CELLS; i++) {
                fields[i] = gain(parts.side(j, Parts.side(i - j * Grid.CELLS)), tail[i]);
                rows += tally.fields[i];
                sum += tally.fields[i] * (double) fields[i];
            }
            mean += rows == 0 ? 0 : sum / rows;
        }
        for (int c = 0; c < parts.categories(); c++) {
            double rows = 0;
            double sum = 0;
            for (int i = c * buckets; i < (c + 1) * buckets; i++) {
                categories[i] = gain(parts.category(c), bits.categories[i]);
                rows += tally.categories[i];
                sum += tally.categories[i] * (double) categories[i];
            }
            mean += rows == 0 ? 0 : sum / rows;
        }
        ordinary = mean;
    }

    /** Null where nothing was taught: then nothing is computed, and bits are what they are without. */
    static @Nullable Teaching of(Frame frame, Lessons lessons, Tally tally, Fields.Tables bits) {
        double[] weights = Weights.of(lessons);
        for (double w : weights) {
            if (w != 0) {
                return new Teaching(frame, weights, tally, bits);
            }
        }
        return null;
    }

    private float gain(int part, double bits) {
        return (float) (weights[part] * Math.min(Lessons.MAX_BITS, bits));
    }

    /**
     * What a row's surprise is multiplied by.
     *
     * @param viewBits calibrated bits of each view, 0 for one that the frame does not have
     * @param row the fields of the row last scored
     */
    double factor(double[] viewBits, Fields row) {
        double gain = 0 - ordinary;
        for (int v = 0; v < viewBits.length; v++) {
            gain += weights[v] * Math.min(Lessons.MAX_BITS, viewBits[v]);
        }
        for (int j = 0; j < row.cells.length; j++) {
            gain += row.cells[j] < 0 ? missing[j] : fields[row.cells[j]];
        }
        for (int bucket : row.buckets) {
            gain += categories[bucket];
        }
        return gain >= 0 ? Math.min(MAX_FACTOR, 1 + SLOPE * gain) : Math.max(1 / MAX_FACTOR, 1 / (1 - SLOPE * gain));
    }

    /** Bits for each bit of each part. */
    double[] weights() {
        return weights.clone();
    }
}
