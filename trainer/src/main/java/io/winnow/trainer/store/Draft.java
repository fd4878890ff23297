package io.winnow.trainer.store;

import io.winnow.core.model.ModelCard;
import io.winnow.trainer.archive.ModelSpec;
import io.winnow.trainer.archive.TorchArchive;
import io.winnow.trainer.learn.Learner.Learned;
import io.winnow.trainer.pictures.Figures;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A model to publish.
 *
 * @param archive its weights and code
 * @param spec what it reads
 * @param target the field that is predicted
 * @param origin what it takes to train it again
 * @param figures what its pictures show
 * @param start the model as it was before its holdout; null where that is not kept
 * @param card makes its card of the archive's SHA-256, in hex
 */
public record Draft(
        TorchArchive archive,
        ModelSpec spec,
        String target,
        Origin origin,
        Figures figures,
        @Nullable Learned start,
        Function<String, ModelCard> card) {}
