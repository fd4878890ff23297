package io.winnow.core.hygiene;

/**
 * From tail bits that a model promises to bits that clean rows keep: −log2 of the share of rows that scored at least as
 * high. Strictly increasing. Unlike {@link Calibration}, which has to find a tail's shape, it is given one: a score of
 * {@code x} should come once in {@code 2^x} rows, and all there is to learn is by how much that is wrong. So it can stand
 * scores of which nearly all are the same, as where hardly ever a value repeats.
 *
 * <p>Counts are believed where there are enough rows beyond, and as far as {@link #TRUST_BITS} from the promise: what lies
 * farther below it is contamination, and would open the gate for itself; what lies farther above it is a gap between two
 * scores that the rows happen to have. Beyond the counts the promise goes on, shifted to where they end.
 */
final class Correction {
    private static final double TRUST_BITS = 2;
    /** Fewer rows than this beyond a score say too little about it. */
    private static final double MIN_COUNTED = 20;

    /** Bits at each cell's lower edge. */
    private final double[] edgeBits = new double[Grid.CELLS + 1];

    private final double countsEnd;
    private final double offset;

    /**
     * @param counts cells of the score in bits from {@code at}, in {@link Tally#ONE}s
     * @param cut bits beyond which no row was counted: the nominal mass there is added back
     */
    Correction(int[] counts, int at, double cut) {
        double n = 0;
        for (int i = 0; i < Grid.CELLS; i++) {
            n += counts[at + i] / (double) Tally.ONE;
        }
        double beyond = n * StrictMath.pow(2, -cut);
        double total = n + beyond + 1;
        double cumulative = beyond + 0.5;
        int end = Grid.CELLS;
        edgeBits[Grid.CELLS] = Density.bits(cumulative / total);
        for (int i = Grid.CELLS - 1; i >= 0; i--) {
            cumulative += counts[at + i] / (double) Tally.ONE + 0.5 / Grid.CELLS;
            edgeBits[i] = Density.bits(Math.min(1, cumulative / total));
            end = cumulative < MIN_COUNTED ? i : end;
        }
        countsEnd = Math.max(0, Grid.lower(end));
        offset = within(counted(countsEnd), countsEnd) - countsEnd;
    }

    /** Bits of a score ≥ 0. */
    double of(double score) {
        return score < countsEnd ? within(counted(score), score) : Math.max(0, score + offset);
    }

    private static double within(double counted, double promised) {
        return Math.max(promised - TRUST_BITS, Math.min(promised + TRUST_BITS, counted));
    }

    private double counted(double score) {
        int i = Grid.cell(score);
        double part = Math.max(0, Math.min(1, (score - Grid.lower(i)) / Grid.width(i)));
        return edgeBits[i] + (edgeBits[i + 1] - edgeBits[i]) * part;
    }
}
