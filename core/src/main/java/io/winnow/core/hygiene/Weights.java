package io.winnow.core.hygiene;

/**
 * What the decided rows say about each part of a row's surprise: a linear discriminant with a diagonal covariance (Fisher
 * 1936), bits that a row gains or loses for each bit that the part sees. Of a part's difference between discarded and
 * released rows, what chance may explain is left out (the positive-part estimator of James and Stein 1961, at two standard
 * errors), and few decisions, or decisions that are nearly all alike, count for little. Without both kinds nothing is
 * taught: there is nothing to tell apart.
 *
 * <p>Active anomaly discovery (Das et al. 2016) weighs LODA's projections so; see docs/detector.md for why views and sides
 * of fields are weighed here instead.
 */
final class Weights {
    /** At most this many bits between the mean discarded and the mean released row. */
    static final double MAX_GAP = 8;
    /** Weighs as much as {@code discards × releases / decisions} rows that say "no effect". */
    private static final double PRIOR_ROWS = 30;
    /** Variance of a part, in bits², before any row was decided, and the rows that this weighs. */
    private static final double PRIOR_VARIANCE = 1;

    private static final double PRIOR_VARIANCE_ROWS = 10;
    /** Two standard errors, squared. */
    private static final double DOUBT = 4;

    private Weights() {}

    /** For each part, bits for each of its bits; all zero where nothing was taught. */
    static double[] of(Lessons lessons) {
        Lessons.Side discarded = lessons.discarded;
        Lessons.Side released = lessons.released;
        double[] weights = new double[discarded.sums().length];
        if (discarded.rows() == 0 || released.rows() == 0) {
            return weights;
        }
        double rows = lessons.rows();
        double contrast = discarded.rows() * (double) released.rows() / rows;
        double gap = 0;
        for (int i = 0; i < weights.length; i++) {
            double difference = discarded.mean(i) - released.mean(i);
            double variance = (discarded.spread(i) + released.spread(i) + PRIOR_VARIANCE_ROWS * PRIOR_VARIANCE)
                    / (rows + PRIOR_VARIANCE_ROWS);
            double doubt = DOUBT * variance / contrast;
            if (difference * difference > doubt) {
                weights[i] = difference / variance * (1 - doubt / (difference * difference));
                gap += weights[i] * difference;
            }
        }
        double keep = Math.min(1, MAX_GAP / Math.max(gap, MAX_GAP))
                * contrast
                / (contrast + PRIOR_ROWS)
                * lessons.strength
                / Lessons.FULL;
        for (int i = 0; i < weights.length; i++) {
            weights[i] *= keep;
        }
        return weights;
    }
}
