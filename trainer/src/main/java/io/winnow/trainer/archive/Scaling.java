package io.winnow.trainer.archive;

/**
 * A model's one fixed standardizer.
 *
 * @param means of the plain columns, in order
 * @param deviations of the plain columns, in order, each positive
 * @param center the target's median; 0 for classification
 * @param level the target's mean absolute distance from its center, positive; 1 for classification
 * @param step what the network's answer is a multiple of, positive: the mean absolute change of the target, or its level
 */
public record Scaling(double[] means, double[] deviations, double center, double level, double step) {
    public Scaling {
        if (means.length != deviations.length) {
            throw new IllegalArgumentException("as many means as deviations");
        }
        for (double d : deviations) {
            positive(d);
        }
        positive(level);
        positive(step);
    }

    private static void positive(double scale) {
        if (!(scale > 0 && Double.isFinite(scale))) {
            throw new IllegalArgumentException("a scale must be positive and finite, not " + scale);
        }
    }
}
