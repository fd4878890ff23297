package io.winnow.core.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * What costs little reaches on the same rows, in the model's metric.
 *
 * @param noChange the key's last target
 * @param linear ridge or logistic regression on what the contract declares
 * @param forest a random forest on the same; null where it was not measured
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record Baselines(
        double noChange, double linear, @Nullable Double forest) {
    public Baselines {
        if (!Double.isFinite(noChange) || !Double.isFinite(linear) || forest != null && !Double.isFinite(forest)) {
            throw new IllegalArgumentException(
                    "baselines must be finite, not " + noChange + ", " + linear + " and " + forest);
        }
    }
}
