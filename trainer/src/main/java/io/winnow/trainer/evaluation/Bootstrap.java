package io.winnow.trainer.evaluation;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * How sure a mean gain is: a moving-block bootstrap (Künsch 1989), because losses of neighbouring rows go together and a
 * bootstrap of single rows would be too sure.
 */
public final class Bootstrap {
    private static final int RESAMPLES = 1_000;
    private static final int MAX_BLOCK = 48;
    /** A standard error needs fewer resamples than a quantile. */
    private static final int FEW_RESAMPLES = 200;

    private Bootstrap() {}

    /** The 5 % quantile of the mean over resamples of these gains, which are in order of time. */
    static double lowerBound(double[] gains, long seed) {
        int block = Math.max(1, Math.min(MAX_BLOCK, gains.length / 20));
        double[] means = means(gains, block, RESAMPLES, seed);
        Arrays.sort(means);
        return means[RESAMPLES / 20];
    }

    /** The standard error of the mean of these gains, which are in order of time; infinite where they are too few. */
    public static double standardError(double[] gains, long seed) {
        if (gains.length < MAX_BLOCK) {
            return Double.POSITIVE_INFINITY;
        }
        double[] means = means(gains, MAX_BLOCK, FEW_RESAMPLES, seed);
        double mean = Arrays.stream(means).average().orElse(0);
        return Math.sqrt(
                Arrays.stream(means).map(m -> (m - mean) * (m - mean)).average().orElse(0));
    }

    private static double[] means(double[] gains, int block, int resamples, long seed) {
        int n = gains.length;
        double[] sums = new double[n + 1];
        for (int i = 0; i < n; i++) {
            sums[i + 1] = sums[i] + gains[i];
        }
        int blocks = (n + block - 1) / block;
        SplittableRandom random = new SplittableRandom(seed);
        double[] means = new double[resamples];
        for (int r = 0; r < resamples; r++) {
            double sum = 0;
            for (int b = 0; b < blocks; b++) {
                int from = random.nextInt(n - block + 1);
                sum += sums[from + block] - sums[from];
            }
            means[r] = sum / ((double) blocks * block);
        }
        return means;
    }
}
