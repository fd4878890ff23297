package io.winnow.trainer.archive;

/**
 * AdamW (Loshchilov and Hutter 2019) with the gradient's norm clipped.
 *
 * @param firstDecay of the first moment
 * @param secondDecay of the second moment
 * @param weightDecay decoupled; for matrices only
 * @param clip largest norm of the gradient
 */
public record OptimizerSpec(double firstDecay, double secondDecay, double weightDecay, double clip) {
    /** 0.9, 0.99, 0.01, 1. */
    public static final OptimizerSpec DEFAULT = new OptimizerSpec(0.9, 0.99, 0.01, 1);
}
