package io.winnow.trainer.search;

import io.winnow.trainer.learn.Hyperparameters;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Hyperparameters as points of the unit cube.
 *
 * @param base gives what is not searched: lags, epochs and budget among them
 */
public record Space(Hyperparameters base) {

    /** How many are searched. */
    public int dimensions() {
        return Axis.ALL.size();
    }

    /** The hyperparameters at a point. */
    public Hyperparameters at(double[] point) {
        Hyperparameters hyper = base;
        for (int i = 0; i < point.length; i++) {
            Axis axis = Axis.ALL.get(i);
            hyper = axis.write().apply(hyper, axis.value(point[i]));
        }
        return hyper;
    }

    /** The point where these hyperparameters are, or the nearest one. */
    public double[] point(Hyperparameters hyper) {
        return Axis.ALL.stream()
                .mapToDouble(axis -> axis.place(axis.read().applyAsDouble(hyper)))
                .toArray();
    }

    /** What is searched, by the names that a contract uses. */
    public static Map<String, Double> values(Hyperparameters hyper) {
        Map<String, Double> values = new LinkedHashMap<>();
        Axis.ALL.forEach(axis -> values.put(axis.name(), axis.read().applyAsDouble(hyper)));
        return values;
    }
}
