package io.winnow.core.hygiene;

import org.jspecify.annotations.Nullable;

/**
 * From a raw score to bits: −log2 of the share of clean rows that score at least as high. Strictly increasing. Three parts:
 *
 * <ol>
 *   <li>the body, by counts;
 *   <li>beyond it counts again, as long as there are enough of them, but never more than {@link #TRUST_BITS} below a
 *       generalized Pareto tail (Pickands 1975) that is fitted to the body by quantiles. Counts alone would believe every
 *       fault that slipped in, and open the gate for more of them; the fit alone misjudges tails that it was not made for.
 *       So counts are believed as far as a clean tail may plausibly be heavier than the fit;
 *   <li>beyond the counts the fitted tail, shifted to where they end.
 * </ol>
 *
 * <p>Only rows below {@code cut} bits are counted (see {@link Judge}): the nominal mass beyond it, {@code 2^-cut}, is added
 * back here, or every refit would tighten the gate.
 */
final class Calibration {
    /** The body reaches up to this many bits; with fewer rows it ends where {@link #MIN_BEYOND} rows are left. */
    private static final double BODY_BITS = 4.25;

    private static final double MIN_BEYOND = 50;
    /** A clean tail may be this many bits heavier than the fit says; what is more is contamination. */
    private static final double TRUST_BITS = 2;
    /** Fewer rows than this beyond a score say too little about it. */
    private static final double MIN_COUNTED = 20;
    /** Raw surprisals have exponential tails; far from that is noise or contamination. */
    private static final double MIN_SHAPE = -0.2;

    private static final double MAX_SHAPE = 0.25;
    /** Rows that weigh as much as the prior shape of 0. */
    private static final double SHAPE_PRIOR = 300;
    /** The fitted scale is widened by {@code 1 + WIDEN/√rows}: a young profile doubts itself first. */
    private static final double WIDEN = 10;
    /** Where a bounded tail (negative shape) goes on as a line: share of its length. */
    private static final double BEND = 0.15;

    /** Where a longer memory sees no tail, bits beyond the body count this part: ranks never tie. */
    private static final double BEYOND_BODY = 8;

    private static final double MAX_SCORE = 1e30;

    private static final double LOG2 = Density.LOG2;

    private final double center;
    private final double unit;
    /** Bits at each cell's lower edge. */
    private final double[] edgeBits = new double[Grid.CELLS + 1];

    private final boolean empty;
    private final double bodyEnd;
    private final double bodyBits;
    private final double scale;
    private final double shape;
    /** Where the counts end, and how many bits they lie above the fitted tail there. */
    private final double countsEnd;

    private final double offset;
    /** Null where this one judges the tail too. */
    private final @Nullable Calibration longer;

    /**
     * @param counts cells of the standardized score from {@code at}, in {@link Tally#ONE}s
     * @param center center of the raw score
     * @param unit scale of the raw score
     * @param cut bits beyond which no row was counted
     * @param seen rows that the stream's calibration has ever counted
     */
    Calibration(int[] counts, int at, double center, double unit, double cut, double seen) {
        this(counts, at, center, unit, cut, seen, null);
    }

    /**
     * The same of few rows, which make a body, and no tail: beyond the body no bits that one of a longer memory does not see.
     *
     * @param longer that one, of the same scores
     */
    Calibration(
            int[] counts, int at, double center, double unit, double cut, double seen, @Nullable Calibration longer) {
        this.center = center;
        this.unit = unit;
        double n = 0;
        for (int i = 0; i < Grid.CELLS; i++) {
            n += counts[at + i] / (double) Tally.ONE;
        }
        empty = n == 0;
        double beyond = n * StrictMath.pow(2, -cut);
        double total = n + beyond + 1;
        double cumulative = beyond + 0.5;
        edgeBits[Grid.CELLS] = Density.bits(cumulative / total);
        for (int i = Grid.CELLS - 1; i >= 0; i--) {
            // Half a pseudo-row spread evenly: bits rise within empty cells too.
            cumulative += counts[at + i] / (double) Tally.ONE + 0.5 / Grid.CELLS;
            edgeBits[i] = Density.bits(Math.min(1, cumulative / total));
        }
        double top = Math.max(2.5, Math.min(BODY_BITS, Density.bits(MIN_BEYOND / total)));
        double low = Math.min(2, Math.max(1, top / 2.5));
        double middle = (low + top) / 2;
        double a = quantile(low);
        double b = quantile(middle);
        double c = quantile(top);
        double steps = (middle - low) * LOG2;
        double pickands = StrictMath.log(Math.max(c - b, 1e-6) / Math.max(b - a, 1e-6)) / steps;
        double weight = total / (total + SHAPE_PRIOR);
        shape = weight * Math.max(MIN_SHAPE, Math.min(MAX_SHAPE, pickands));
        double run = (top - low) * LOG2;
        double reach = Math.abs(shape) < 1e-6 ? run : (1 - StrictMath.exp(-run * shape)) / shape;
        scale = Math.max((c - a) / reach, 1e-3) * (1 + WIDEN / Math.sqrt(Math.max(seen, 256)));
        bodyEnd = c;
        bodyBits = top;
        countsEnd = Math.max(c, quantile(Math.max(top, Density.bits(MIN_COUNTED / total))));
        double fitted = fitted(countsEnd);
        offset = Math.max(counted(countsEnd), fitted - TRUST_BITS) - fitted;
        this.longer = longer;
    }

    /** The standardized score that this many bits begin at. */
    private double quantile(double bits) {
        int i = Grid.CELLS - 1;
        while (i > 0 && edgeBits[i] > bits) {
            i--;
        }
        double span = edgeBits[i + 1] - edgeBits[i];
        double f = span <= 0 ? 0 : (bits - edgeBits[i]) / span;
        return Grid.lower(i) + Math.max(0, Math.min(1, f)) * Grid.width(i);
    }

    /** Within {@link #MAX_SCORE}: a profile that somebody made up must not make bits that are no number. */
    private double standardized(double raw) {
        return Math.max(-MAX_SCORE, Math.min(MAX_SCORE, (raw - center) / unit));
    }

    /** The cell of a raw score. */
    int cell(double raw) {
        return Grid.cell(standardized(raw));
    }

    /** Bits of a raw score; 0 while nothing is calibrated. */
    double of(double raw) {
        double bits = alone(raw);
        return longer == null
                ? bits
                : Math.min(bits, Math.max(longer.alone(raw), BODY_BITS + (bits - BODY_BITS) / BEYOND_BODY));
    }

    private double alone(double raw) {
        if (empty) {
            return 0;
        }
        double s = standardized(raw);
        if (s <= bodyEnd) {
            return counted(s);
        }
        double fitted = fitted(s);
        return s < countsEnd ? Math.max(counted(s), fitted - TRUST_BITS) : fitted + offset;
    }

    /** Bits by counts. */
    private double counted(double s) {
        int i = Grid.cell(s);
        double f = Math.max(0, Math.min(1, (s - Grid.lower(i)) / Grid.width(i)));
        return edgeBits[i] + (edgeBits[i + 1] - edgeBits[i]) * f;
    }

    /** Bits by the fitted tail, beyond the body. */
    private double fitted(double s) {
        return bodyBits + tail((s - bodyEnd) / scale) / LOG2;
    }

    /** −ln of the survival function of a generalized Pareto tail at {@code e} scales. */
    private double tail(double e) {
        if (Math.abs(shape) < 1e-6) {
            return e;
        }
        double q = 1 + shape * e;
        if (shape < 0 && q < BEND) {
            double end = (BEND - 1) / shape;
            return StrictMath.log(BEND) / shape + (e - end) / BEND;
        }
        return StrictMath.log(q) / shape;
    }
}
