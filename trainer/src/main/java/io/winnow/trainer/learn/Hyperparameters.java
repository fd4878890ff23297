package io.winnow.trainer.learn;

import io.winnow.trainer.archive.ModelSpec.Shape;
import io.winnow.trainer.archive.OptimizerSpec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a model is learned. One default for every stream.
 *
 * @param lags which previous rows of the key the model sees
 * @param shape of the network
 * @param optimizer its constants
 * @param batch rows a step
 * @param peakRate the one-cycle schedule's largest learning rate
 * @param maxEpochs passes over the rows at most
 * @param rowBudget rows seen in all passes at most, so that the time for a training is bounded whatever the window
 * @param patience passes without a better validation score before it stops
 */
public record Hyperparameters(
        List<Integer> lags,
        Shape shape,
        OptimizerSpec optimizer,
        int batch,
        double peakRate,
        int maxEpochs,
        long rowBudget,
        int patience) {
    /** What the service uses. */
    public static final Hyperparameters DEFAULT = new Hyperparameters(
            List.of(1, 2, 24, 48), new Shape(128, 2, 0.1), OptimizerSpec.DEFAULT, 256, 3e-3, 30, 400_000, 6);

    public Hyperparameters {
        lags = List.copyOf(lags);
        if (batch < 2 || !(peakRate > 0) || maxEpochs < 1 || rowBudget < 1 || patience < 1) {
            throw new IllegalArgumentException("batch must be at least 2, everything else positive");
        }
    }

    /** The same with another network. */
    public Hyperparameters with(Shape other) {
        return new Hyperparameters(lags, other, optimizer, batch, peakRate, maxEpochs, rowBudget, patience);
    }

    /** The same with another optimizer. */
    public Hyperparameters with(OptimizerSpec other) {
        return new Hyperparameters(lags, shape, other, batch, peakRate, maxEpochs, rowBudget, patience);
    }

    /** The same with another number of rows a step. */
    public Hyperparameters withBatch(int rows) {
        return new Hyperparameters(lags, shape, optimizer, rows, peakRate, maxEpochs, rowBudget, patience);
    }

    /** The same with another budget of rows. */
    public Hyperparameters withRowBudget(long rows) {
        return new Hyperparameters(lags, shape, optimizer, batch, peakRate, maxEpochs, rows, patience);
    }

    /** The same with another peak rate. */
    public Hyperparameters withPeakRate(double rate) {
        return new Hyperparameters(lags, shape, optimizer, batch, rate, maxEpochs, rowBudget, patience);
    }

    /** Passes over this many rows that the budget allows, at least one. */
    int epochs(int rows) {
        return (int) Math.max(1, Math.min(maxEpochs, rowBudget / Math.max(1, rows)));
    }

    /** By name, for the model's card. */
    public Map<String, String> asText() {
        Map<String, String> text = new LinkedHashMap<>();
        text.put("lags", lags.toString());
        text.put("hidden", Integer.toString(shape.hidden()));
        text.put("blocks", Integer.toString(shape.blocks()));
        text.put("dropout", Double.toString(shape.dropout()));
        text.put("weightDecay", Double.toString(optimizer.weightDecay()));
        text.put("clip", Double.toString(optimizer.clip()));
        text.put("batch", Integer.toString(batch));
        text.put("peakRate", Double.toString(peakRate));
        text.put("maxEpochs", Integer.toString(maxEpochs));
        text.put("rowBudget", Long.toString(rowBudget));
        return text;
    }
}
