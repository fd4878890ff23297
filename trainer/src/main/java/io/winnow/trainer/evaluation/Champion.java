package io.winnow.trainer.evaluation;

import io.winnow.core.model.ModelCard;
import io.winnow.trainer.archive.ModelSpec;
import java.nio.file.Path;

/**
 * The model in force, verified.
 *
 * @param card its card
 * @param spec what it reads
 * @param file its {@code model.pt}
 */
public record Champion(ModelCard card, ModelSpec spec, Path file) {}
