package io.winnow.trainer.learn;

import ai.djl.Device;
import io.winnow.trainer.archive.Loss;
import io.winnow.trainer.archive.ModelSpec.Shape;
import io.winnow.trainer.archive.OptimizerSpec;
import io.winnow.trainer.archive.TrainingSpec;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How a model is learned. One default for every stream.
 *
 * @param shape of the network
 * @param optimizer how a gradient becomes a step
 * @param loss what a regression makes small
 * @param schedule how the learning rate moves
 * @param precision in which numbers hidden layers multiply
 * @param batch rows a step; fewer where the device's memory does not take them
 * @param peakRate the schedule's largest learning rate
 * @param maxEpochs passes over the rows at most
 * @param rowBudget rows seen in all passes at most, so that the time for a training is bounded whatever the window
 * @param patience passes without a better validation score before it stops
 */
public record Hyperparameters(
        Shape shape,
        OptimizerSpec optimizer,
        Loss loss,
        Schedule schedule,
        Precision precision,
        int batch,
        double peakRate,
        int maxEpochs,
        long rowBudget,
        int patience) {
    /** What the service uses. */
    public static final Hyperparameters DEFAULT =
            new Hyperparameters(new Shape(128, 2, 0.1), OptimizerSpec.DEFAULT, 256, 3e-3, 30, 400_000, 6);

    public Hyperparameters {
        if (batch < 2 || !(peakRate > 0) || maxEpochs < 1 || rowBudget < 1 || patience < 1) {
            throw new IllegalArgumentException("batch must be at least 2, everything else positive");
        }
    }

    /** With the default loss, schedule and precision. */
    public Hyperparameters(
            Shape shape,
            OptimizerSpec optimizer,
            int batch,
            double peakRate,
            int maxEpochs,
            long rowBudget,
            int patience) {
        this(
                shape,
                optimizer,
                Loss.HUBER,
                Schedule.ONE_CYCLE,
                Precision.AUTO,
                batch,
                peakRate,
                maxEpochs,
                rowBudget,
                patience);
    }

    /** The same with another network. */
    public Hyperparameters with(Shape other) {
        return new Hyperparameters(
                other, optimizer, loss, schedule, precision, batch, peakRate, maxEpochs, rowBudget, patience);
    }

    /** The same with another optimizer. */
    public Hyperparameters with(OptimizerSpec other) {
        return new Hyperparameters(
                shape, other, loss, schedule, precision, batch, peakRate, maxEpochs, rowBudget, patience);
    }

    /** The same with another loss. */
    public Hyperparameters with(Loss other) {
        return new Hyperparameters(
                shape, optimizer, other, schedule, precision, batch, peakRate, maxEpochs, rowBudget, patience);
    }

    /** The same with another schedule. */
    public Hyperparameters with(Schedule other) {
        return new Hyperparameters(
                shape, optimizer, loss, other, precision, batch, peakRate, maxEpochs, rowBudget, patience);
    }

    /** The same in another precision. */
    public Hyperparameters with(Precision other) {
        return new Hyperparameters(
                shape, optimizer, loss, schedule, other, batch, peakRate, maxEpochs, rowBudget, patience);
    }

    /** The same with another number of rows a step. */
    public Hyperparameters withBatch(int rows) {
        return new Hyperparameters(
                shape, optimizer, loss, schedule, precision, rows, peakRate, maxEpochs, rowBudget, patience);
    }

    /** The same with another budget of rows. */
    public Hyperparameters withRowBudget(long rows) {
        return new Hyperparameters(
                shape, optimizer, loss, schedule, precision, batch, peakRate, maxEpochs, rows, patience);
    }

    /** A share of the work, at a share of the rate: for one that goes on from where another ended. */
    public Hyperparameters withShares(int ofWork, int ofRate) {
        return new Hyperparameters(
                shape,
                optimizer,
                loss,
                schedule,
                precision,
                batch,
                peakRate / ofRate,
                Math.max(1, maxEpochs / ofWork),
                Math.max(1, rowBudget / ofWork),
                patience);
    }

    /** The same with another peak rate. */
    public Hyperparameters withPeakRate(double rate) {
        return new Hyperparameters(
                shape, optimizer, loss, schedule, precision, batch, rate, maxEpochs, rowBudget, patience);
    }

    /** What the training archive does, on this device. */
    public TrainingSpec training(Device device) {
        return new TrainingSpec(optimizer, loss, precision.isLow(shape, device));
    }

    /** Passes over this many rows that the budget allows, at least one. */
    int epochs(int rows) {
        return (int) Math.max(1, Math.min(maxEpochs, rowBudget / Math.max(1, rows)));
    }

    /** By name, for the model's card. */
    public Map<String, String> asText() {
        Map<String, String> text = new LinkedHashMap<>();
        text.put("hidden", Integer.toString(shape.hidden()));
        text.put("blocks", Integer.toString(shape.blocks()));
        text.put("dropout", Double.toString(shape.dropout()));
        text.put("activation", shape.activation().name());
        text.put("optimizer", optimizer.toString());
        text.put("loss", loss.name());
        text.put("schedule", schedule.name());
        text.put("precision", precision.name());
        text.put("batch", Integer.toString(batch));
        text.put("peakRate", Double.toString(peakRate));
        text.put("maxEpochs", Integer.toString(maxEpochs));
        text.put("rowBudget", Long.toString(rowBudget));
        text.put("patience", Integer.toString(patience));
        return text;
    }
}
