package io.winnow.trainer.search;

import io.winnow.trainer.learn.Hyperparameters;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Hyperparameters as points of the unit cube. */
public final class Space {
    private final Hyperparameters base;
    private final List<Axis> axes;

    /**
     * The space around these.
     *
     * @param base gives what is not searched: optimizer, schedule, epochs and budget
     * @param regression whether there is a choice of loss
     */
    public Space(Hyperparameters base, boolean regression) {
        this.base = base;
        this.axes = Axis.of(regression);
    }

    /** The hyperparameters at a point. */
    public Hyperparameters at(double[] point) {
        Hyperparameters hyper = base;
        for (int i = 0; i < point.length; i++) {
            Axis axis = axes.get(i);
            hyper = axis.write().apply(hyper, axis.value(point[i]));
        }
        return hyper;
    }

    /** The point where these hyperparameters are, or the nearest one. */
    public double[] point(Hyperparameters hyper) {
        return axes.stream()
                .mapToDouble(axis -> axis.place(axis.read().applyAsDouble(hyper)))
                .toArray();
    }

    /** What is searched of these, by the names that a contract would use. */
    public Map<String, String> values(Hyperparameters hyper) {
        Map<String, String> values = new LinkedHashMap<>();
        axes.forEach(axis -> values.put(axis.name(), axis.text(hyper)));
        return values;
    }
}
