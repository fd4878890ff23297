package io.winnow.trainer.evaluation;

import io.winnow.core.model.ModelCard;
import io.winnow.trainer.archive.ModelSpec;
import io.winnow.trainer.window.History;
import io.winnow.trainer.window.Window;
import java.util.Arrays;

/**
 * What each holdout row cost a contender, in order of event time: the absolute error, or 1 for a wrong class and 0 for
 * the right one.
 *
 * @param perRow one loss a row
 */
public record Losses(double[] perRow) {
    public Losses {
        if (perRow.length == 0) {
            throw new IllegalArgumentException("a holdout needs rows");
        }
    }

    /** Losses of these answers of a model (see {@link io.winnow.trainer.learn.Predictor}). */
    public static Losses of(double[] answers, ModelSpec spec, Window window, int[] rows) {
        double[] losses = new double[rows.length];
        for (int i = 0; i < rows.length; i++) {
            double target = window.target(rows[i]);
            if (spec.isRegression()) {
                losses[i] = Math.abs(answers[i] - target);
            } else {
                String truth = window.classes().get((int) target);
                losses[i] = spec.classes().get((int) answers[i]).equals(truth) ? 0 : 1;
            }
            // No number is no answer: it must not look like a good one.
            losses[i] = Double.isNaN(losses[i]) ? Double.MAX_VALUE / rows.length : losses[i];
        }
        return new Losses(losses);
    }

    /**
     * Losses of "no change": the key's last known target; where there is none, the median or most frequent class of the
     * rows seen before.
     */
    public static Losses ofNoChange(Window window, History history, int[] seen, int[] rows) {
        double otherwise = constant(window, seen);
        return new Losses(Arrays.stream(rows)
                .mapToDouble(row -> {
                    double last = history.lastTarget(window, row);
                    return cost(window, row, Double.isNaN(last) ? otherwise : last);
                })
                .toArray());
    }

    /**
     * What an answer to a row cost: the absolute error, or 1 for a wrong class and 0 for the right one.
     *
     * @param answer a number, or a position in the window's classes
     */
    public static double cost(Window window, int row, double answer) {
        double error = Math.abs(answer - window.target(row));
        // No number is no answer: it must not look like a good one.
        return Double.isNaN(error)
                ? Float.MAX_VALUE
                : window.columns().target().isRegression() ? error : Math.min(1, error);
    }

    private static double constant(Window window, int[] seen) {
        return window.columns().target().isRegression() ? median(window, seen) : mostFrequent(window, seen);
    }

    private static double median(Window window, int[] rows) {
        double[] targets =
                Arrays.stream(rows).mapToDouble(window::target).sorted().toArray();
        return targets[targets.length / 2];
    }

    private static double mostFrequent(Window window, int[] rows) {
        int[] counts = new int[window.classes().size()];
        for (int row : rows) {
            counts[(int) window.target(row)]++;
        }
        int best = 0;
        for (int k = 1; k < counts.length; k++) {
            best = counts[k] > counts[best] ? k : best;
        }
        return best;
    }

    /** The mean loss. */
    public double mean() {
        double sum = 0;
        for (double loss : perRow) {
            sum += loss / perRow.length;
        }
        return sum;
    }

    /** In this metric of a {@link ModelCard}. */
    public double in(String metric) {
        return metric.equals(ModelCard.ACCURACY) ? 1 - mean() : mean();
    }

    /** Losses by name, as the gate takes them. */
    public record Rival(String name, Losses losses) {}

    /** How much less each row cost the other. */
    double[] gainOf(Losses other) {
        double[] gains = new double[perRow.length];
        for (int i = 0; i < gains.length; i++) {
            gains[i] = perRow[i] - other.perRow[i];
        }
        return gains;
    }
}
