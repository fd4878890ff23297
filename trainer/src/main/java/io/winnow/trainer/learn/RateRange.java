package io.winnow.trainer.learn;

import io.winnow.trainer.window.History;
import io.winnow.trainer.window.Window;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The learning-rate range test (Smith 2017, "Cyclical learning rates"): a few steps at each of ever larger rates, in one
 * training. The loss falls for as long as the rate is stable, and then rises.
 *
 * @param tries in order of rate
 */
public record RateRange(List<Try> tries) {
    private static final double LOWEST = 1e-5;
    private static final int A_DECADE = 8;
    private static final int DECADES = 7;
    private static final int STEPS = 4;
    /** How much of the smoothed loss is kept at each rate. */
    private static final double KEPT = 0.7;
    /** No need to go on once the loss is this many times the least. */
    private static final double LOST = 4;

    public RateRange {
        tries = List.copyOf(tries);
    }

    /**
     * A rate that was tried.
     *
     * @param rate the learning rate
     * @param loss the mean loss of the steps at it; not a number where the training broke
     */
    public record Try(double rate, double loss) {}

    /**
     * The highest stable rate for this network, optimizer and batch on these rows: good as a schedule's peak. The same
     * arguments give the same rate.
     *
     * @param scratch an existing directory for a file that lives as long as the test
     * @param fit rows of the window to learn from
     * @param hyper all but its peak rate and its schedule counts
     * @throws LearningException if there are too few rows, or the loss is no number at any rate
     * @throws IOException if the scratch directory cannot be written
     */
    public static double highestStable(
            Path scratch, Recipe recipe, Window window, History history, int[] fit, Hyperparameters hyper, long seed)
            throws LearningException, IOException {
        return run(scratch, recipe, window, history, fit, hyper, seed).highestStable();
    }

    /** Tries the rates; arguments and errors as of {@link #highestStable(Path, Recipe, Window, History, int[],
     * Hyperparameters, long)}. */
    public static RateRange run(
            Path scratch, Recipe recipe, Window window, History history, int[] fit, Hyperparameters hyper, long seed)
            throws LearningException, IOException {
        int batch = Math.min(hyper.batch(), fit.length);
        if (batch < 2) {
            throw new LearningException("there are too few rows to learn from");
        }
        try (TorchModule module = TorchModule.training(recipe, hyper, scratch, seed);
                Examples examples =
                        Examples.load(module, recipe, new Examples.Rows(window, history, fit, new int[0]))) {
            SplittableRandom random = new SplittableRandom(seed);
            Devices.seed((int) random.nextLong());
            return new RateRange(tries(module, examples, batch, random));
        }
    }

    private static List<Try> tries(TorchModule module, Examples examples, int batch, SplittableRandom random) {
        List<Try> tries = new ArrayList<>();
        double least = Double.POSITIVE_INFINITY;
        for (int i = 0; i <= A_DECADE * DECADES; i++) {
            double rate = LOWEST * Math.pow(10, (double) i / A_DECADE);
            double[] rates = new double[STEPS];
            java.util.Arrays.fill(rates, rate);
            long[] order =
                    random.longs((long) STEPS * batch, 0, examples.fitRows()).toArray();
            double loss = examples.epoch(module, order, rates, batch);
            tries.add(new Try(rate, loss));
            least = Math.min(least, loss);
            if (!(loss <= LOST * least)) {
                break;
            }
        }
        return tries;
    }

    /**
     * The rate at which the smoothed loss was least.
     *
     * @throws LearningException if the loss was no number at any rate
     */
    public double highestStable() throws LearningException {
        double smoothed = Double.NaN;
        double least = Double.POSITIVE_INFINITY;
        double best = Double.NaN;
        for (Try one : tries) {
            smoothed = Double.isNaN(smoothed) ? one.loss() : KEPT * smoothed + (1 - KEPT) * one.loss();
            if (smoothed < least) {
                least = smoothed;
                best = one.rate();
            }
        }
        if (Double.isNaN(best)) {
            throw new LearningException("the loss was not a number at any rate");
        }
        return best;
    }
}
