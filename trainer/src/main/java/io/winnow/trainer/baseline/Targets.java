package io.winnow.trainer.baseline;

import io.winnow.trainer.window.Window;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** The target of the rows learned so far: what is answered where nothing else is known. */
final class Targets {
    /** Of this many of the newest rows. */
    private static final int KEPT = 10_000;

    private final double[] numbers = new double[KEPT];
    private final Map<String, Integer> classes = new HashMap<>();
    private int learned;
    private double median;

    void learn(Window window, int row) {
        double target = window.target(row);
        if (window.columns().target().isRegression()) {
            numbers[learned++ % KEPT] = target;
            // Often while there are few, then now and then: it moves slowly.
            if (learned < 100 || learned % 100 == 0) {
                double[] sorted = Arrays.copyOf(numbers, Math.min(learned, KEPT));
                Arrays.sort(sorted);
                median = sorted[sorted.length / 2];
            }
        } else {
            classes.merge(window.classes().get((int) target), 1, Integer::sum);
        }
    }

    /** The median, or the most frequent class's position in the window; 0 where nothing was learned. */
    double constant(Window window) {
        if (window.columns().target().isRegression()) {
            return median;
        }
        return classes.entrySet().stream()
                .max(Map.Entry.<String, Integer>comparingByValue().thenComparing(Map.Entry.comparingByKey()))
                .map(e -> window.classes().indexOf(e.getKey()))
                .orElse(0);
    }
}
