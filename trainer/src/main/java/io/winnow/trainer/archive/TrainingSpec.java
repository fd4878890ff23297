package io.winnow.trainer.archive;

/**
 * What a training archive does besides its network.
 *
 * @param optimizer how a gradient becomes a step
 * @param loss what a regression makes small; a classification makes its logarithmic loss small
 * @param bfloat16 whether hidden layers multiply in bfloat16 while training; weights, norms, heads and the optimizer are
 *     float32 all the same, and so is every answer outside of a training step
 */
public record TrainingSpec(OptimizerSpec optimizer, Loss loss, boolean bfloat16) {}
