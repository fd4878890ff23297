package io.winnow.core.model;

/**
 * What costs nothing reaches on the same holdout, in the model's metric.
 *
 * @param noChange the key's last target
 * @param linear a linear model over the same inputs
 */
public record Baselines(double noChange, double linear) {
    public Baselines {
        if (!Double.isFinite(noChange) || !Double.isFinite(linear)) {
            throw new IllegalArgumentException("baselines must be finite, not " + noChange + " and " + linear);
        }
    }
}
