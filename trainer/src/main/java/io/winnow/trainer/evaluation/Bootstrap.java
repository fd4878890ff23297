package io.winnow.trainer.evaluation;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * How sure a mean gain is: a moving-block bootstrap (Künsch 1989), because losses of neighbouring rows go together and a
 * bootstrap of single rows would be too sure.
 */
final class Bootstrap {
    private static final int RESAMPLES = 1_000;
    private static final int MAX_BLOCK = 48;

    private Bootstrap() {}

    /** The 5 % quantile of the mean over resamples of these gains, which are in order of time. */
    static double lowerBound(double[] gains, long seed) {
        int n = gains.length;
        int block = Math.max(1, Math.min(MAX_BLOCK, n / 20));
        double[] sums = new double[n + 1];
        for (int i = 0; i < n; i++) {
            sums[i + 1] = sums[i] + gains[i];
        }
        int blocks = (n + block - 1) / block;
        SplittableRandom random = new SplittableRandom(seed);
        double[] means = new double[RESAMPLES];
        for (int r = 0; r < RESAMPLES; r++) {
            double sum = 0;
            for (int b = 0; b < blocks; b++) {
                int from = random.nextInt(n - block + 1);
                sum += sums[from + block] - sums[from];
            }
            means[r] = sum / ((double) blocks * block);
        }
        Arrays.sort(means);
        return means[RESAMPLES / 20];
    }
}
