package io.winnow.app.demo;

import io.winnow.core.model.Baselines;
import io.winnow.core.model.ModelCard;

/**
 * The model in force, as the report names it.
 *
 * @param id of the model
 * @param metric {@code accuracy} or {@code mae}
 * @param value the model's metric on its holdout
 * @param baselines the baselines' on the same rows
 */
public record Champion(String id, String metric, double value, Baselines baselines) {
    static Champion of(ModelCard card) {
        return new Champion(card.id(), card.metric(), card.value(), card.baselines());
    }
}
