package io.winnow.trainer.pictures;

import java.util.Arrays;

/**
 * Counts in bins of equal width.
 *
 * @param centers of the bins, ascending
 * @param shares of all numbers in each bin, in 0–1
 */
record Bins(double[] centers, double[] shares) {
    /** Of what is finite among these numbers, from the 0.5 % to the 99.5 % quantile; the rest count in the outer bins. */
    static Bins of(float[] values, int bins) {
        double[] sorted = new double[values.length];
        int n = 0;
        for (float value : values) {
            if (Float.isFinite(value)) {
                sorted[n++] = value;
            }
        }
        if (n == 0) {
            return new Bins(new double[0], new double[0]);
        }
        Arrays.sort(sorted, 0, n);
        double from = sorted[n / 200];
        double to = sorted[n - 1 - n / 200];
        double width = to > from ? (to - from) / bins : 1.0 / bins;
        double[] centers = new double[bins];
        double[] shares = new double[bins];
        for (int b = 0; b < bins; b++) {
            centers[b] = from + (b + 0.5) * width;
        }
        for (int i = 0; i < n; i++) {
            int bin = (int) Math.max(0, Math.min(bins - 1, Math.floor((sorted[i] - from) / width)));
            shares[bin] += 1.0 / n;
        }
        return new Bins(centers, shares);
    }
}
