package io.winnow.trainer.store;

import io.winnow.trainer.learn.Hyperparameters;
import org.jspecify.annotations.Nullable;

/**
 * What it takes, with the card's offset ranges and seed, to train a model again.
 *
 * @param contract the contract's YAML
 * @param profile hash of the profile under which the window's newest row was judged; null if its header is missing
 * @param hyperparameters in full
 * @param warmStart the model that training began from; null if from scratch
 * @param machine where it was trained
 */
public record Origin(
        String contract,
        @Nullable String profile,
        Hyperparameters hyperparameters,
        @Nullable Parent warmStart,
        Machine machine) {
    public Origin {
        if (contract == null || hyperparameters == null || machine == null) {
            throw new IllegalArgumentException("an origin needs a contract, hyperparameters and a machine");
        }
    }

    /**
     * The model that a training began from.
     *
     * @param id of it
     * @param sha256 of its {@code start.pt}, in hex
     */
    public record Parent(String id, String sha256) {}
}
