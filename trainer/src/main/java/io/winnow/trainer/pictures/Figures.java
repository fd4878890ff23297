package io.winnow.trainer.pictures;

import io.winnow.trainer.learn.Learner.Epoch;
import java.util.List;

/**
 * What a model's pictures show, as plain numbers.
 *
 * @param target name of what is predicted
 * @param classes names of the classes; empty for regression
 * @param curve of the training
 * @param times of some holdout rows in epoch milliseconds, in order
 * @param truth their targets: numbers, or positions in {@code classes}
 * @param answers the model's answers for them, as {@code truth}
 * @param inputs by how much the error rises without each
 * @param activations of the last hidden layer, all units of all rows in one; empty where there is none
 */
public record Figures(
        String target,
        List<String> classes,
        List<Epoch> curve,
        long[] times,
        double[] truth,
        double[] answers,
        List<Input> inputs,
        float[] activations) {
    /** Nothing to show. */
    public static final Figures NONE =
            new Figures("", List.of(), List.of(), new long[0], new double[0], new double[0], List.of(), new float[0]);

    public Figures {
        classes = List.copyOf(classes);
        curve = List.copyOf(curve);
        inputs = List.copyOf(inputs);
        if (times.length != truth.length || times.length != answers.length) {
            throw new IllegalArgumentException("as many times as targets and answers");
        }
    }

    /**
     * One input.
     *
     * @param name of the field
     * @param rise of the mean error when it is shuffled, in the target's unit, or as a share of wrong answers
     */
    public record Input(String name, double rise) {}

    boolean isRegression() {
        return classes.isEmpty();
    }
}
