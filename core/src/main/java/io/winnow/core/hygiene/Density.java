package io.winnow.core.hygiene;

import java.util.Arrays;

/** Turns the counts on a {@link Grid} into tables of surprisal: smoothed once for each profile, looked up for each row. */
final class Density {
    static final double LOG2 = StrictMath.log(2);
    /** Unit of a table of surprisals: sums of integers need not wait for each other, and are the same in any order. */
    static final int FIXED = 1 << 20;

    private static final double[] WIDTH_BITS = widthBits();

    private Density() {}

    /** −log2 of a share; 0, not −0, for a share of 1. */
    static double bits(double share) {
        return (0 - StrictMath.log(share)) / LOG2;
    }

    /** A surprisal in fixed point. */
    static int fixed(double bits) {
        return (int) Math.rint(bits * FIXED);
    }

    /**
     * Surprisal, −log2 of the density at each cell, in fixed point. A triangular kernel of Silverman's width (0.9 would be
     * his factor for a Gaussian kernel; 1.06 is Scott's) over the counts, and one pseudo-row spread evenly over the cells:
     * since cells grow with the distance, that is a Cauchy-like prior, and an unseen value is the more surprising the
     * farther out it lies.
     *
     * @param counts {@link Grid#CELLS} of each column, in {@link Tally#ONE}s
     */
    static int[] table(int[] counts) {
        int[] table = new int[counts.length];
        for (int at = 0; at < table.length; at += Grid.CELLS) {
            double[] p = probabilities(counts, at, Tally.ONE);
            // Most cells are empty and alike: one logarithm for all of them.
            double least = Arrays.stream(p).min().orElse(1);
            double leastBits = bits(least);
            for (int i = 0; i < Grid.CELLS; i++) {
                table[at + i] = fixed((p[i] == least ? leastBits : bits(p[i])) + WIDTH_BITS[i]);
            }
        }
        return table;
    }

    /**
     * Tail bits: −log2 of the probability of a value at most as dense as the cell's. At least 0, whatever the scale.
     *
     * @param counts cells from {@code at}, in units of {@code 1/unit} rows
     * @param out receives {@link Grid#CELLS} values from {@code at}
     */
    static void tailBits(int[] counts, int at, int unit, float[] out) {
        double[] p = probabilities(counts, at, unit);
        long[] order = new long[Grid.CELLS];
        for (int i = 0; i < Grid.CELLS; i++) {
            // The bits of positive floats are in the order of their values; cells of one density stay in theirs.
            order[i] = (long) Float.floatToRawIntBits((float) (p[i] / Grid.width(i))) << Integer.SIZE | i;
        }
        Arrays.sort(order);
        double cumulative = 0;
        for (long o : order) {
            int i = (int) o;
            cumulative += p[i];
            out[at + i] = (float) bits(Math.min(1, cumulative));
        }
    }

    private static double[] widthBits() {
        double[] bits = new double[Grid.CELLS];
        Arrays.setAll(bits, i -> StrictMath.log(Grid.width(i)) / LOG2);
        return bits;
    }

    private static double[] probabilities(int[] counts, int at, int unit) {
        int first = Grid.CELLS;
        int last = -1;
        double n = 0;
        double mean = 0;
        for (int i = 0; i < Grid.CELLS; i++) {
            double c = counts[at + i];
            if (c > 0) {
                first = Math.min(first, i);
                last = i;
                n += c;
                mean += c * Grid.middle(i);
            }
        }
        double[] p = new double[Grid.CELLS];
        double rows = n / unit;
        if (last >= 0) {
            mean /= n;
            double variance = 0;
            for (int i = first; i <= last; i++) {
                double gap = Math.min(10, Math.abs(Grid.middle(i) - mean));
                variance += counts[at + i] * gap * gap;
            }
            double bandwidth = 1.06 * Math.sqrt(variance / n) * StrictMath.pow(Math.max(rows, 2), -0.2);
            for (int i = first; i <= last; i++) {
                if (counts[at + i] > 0) {
                    spread(i, counts[at + i] / (double) unit, bandwidth, p);
                }
            }
        }
        for (int i = 0; i < Grid.CELLS; i++) {
            p[i] = (p[i] + 1.0 / Grid.CELLS) / (rows + 1);
        }
        return p;
    }

    /** Spreads a cell's mass over its neighbours within the bandwidth. */
    private static void spread(int cell, double mass, double bandwidth, double[] p) {
        double x = Grid.middle(cell);
        int from = cell;
        int to = cell;
        while (from > 0 && Grid.lower(from) > x - bandwidth) {
            from--;
        }
        while (to < Grid.CELLS - 1 && Grid.lower(to + 1) < x + bandwidth) {
            to++;
        }
        double total = 0;
        for (int i = from; i <= to; i++) {
            total += kernel(i, cell, x, bandwidth);
        }
        double share = mass / total;
        for (int i = from; i <= to; i++) {
            p[i] += share * kernel(i, cell, x, bandwidth);
        }
    }

    private static double kernel(int i, int cell, double x, double bandwidth) {
        double u = i == cell ? 0 : Math.abs(Grid.middle(i) - x) / bandwidth;
        return u < 1 ? (1 - u) * Grid.width(i) : 0;
    }
}
