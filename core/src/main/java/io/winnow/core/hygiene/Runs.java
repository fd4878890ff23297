package io.winnow.core.hygiene;

import io.winnow.core.sequence.Past;

/**
 * How surprising it is that a value has been the same for so many rows. A row at which a run of {@code r} rows may end
 * keeps the value with the probability that such rows did ({@link SequenceTally}); so runs survive by a product of these,
 * as in life tables (Kaplan and Meier 1958), and beyond the longest run seen they survive as a geometric distribution
 * does. The bits are −log2 of the share of all rows that lie so deep in a run: a field that is constant, or changes once a
 * day, is as ordinary then as one that always changes.
 */
final class Runs {
    /** Exact up to 3 rows, then two bins to each doubling. */
    static final int BINS = bin(Past.MAX_RUN) + 1;

    /** A row's bits are not believed beyond this: 2 to this power still adds up. */
    private static final double MAX_BITS = 60;
    /**
     * Whatever repeated a value once may do so again: this likely until seen otherwise, or as likely as after a shorter run.
     * Without it, a row sent three times would be a miracle to a profile that has seen none sent twice.
     */
    private static final double AGAIN = 0.1;
    /** Rows that this prior weighs as much as. */
    private static final double PRIOR = 5;

    private Runs() {}

    /** The bin of a run of at least one row. */
    static int bin(int run) {
        if (run < 4) {
            return run - 1;
        }
        int octave = 31 - Integer.numberOfLeadingZeros(run);
        return 2 * octave - 1 + ((run >> (octave - 1)) & 1);
    }

    /** The shortest run of a bin. */
    static int lower(int bin) {
        return bin < 3 ? bin + 1 : (2 + ((bin + 1) & 1)) << ((bin + 1) / 2 - 1);
    }

    /**
     * Bits of runs, at each bin's lower end.
     *
     * @param tally in {@link Tally#ONE}s
     * @param column whose
     * @param out receives {@code BINS + 1} values from {@code at}
     */
    static void bits(SequenceTally tally, int column, double[] out, int at) {
        double[] keep = keep(tally, column);
        // Rows in runs at least as long as each bin's lower end, for each run that begins.
        double[] deeper = new double[BINS + 1];
        double surviving = 1;
        double[] survivors = new double[BINS + 1];
        for (int b = 0; b < BINS; b++) {
            survivors[b] = surviving;
            surviving *= StrictMath.pow(keep[b], lower(b + 1) - lower(b));
        }
        survivors[BINS] = surviving;
        deeper[BINS] = surviving / (1 - keep[BINS - 1]);
        for (int b = BINS - 1; b >= 0; b--) {
            deeper[b] = deeper[b + 1] + (survivors[b] - survivors[b + 1]) / (1 - keep[b]);
        }
        for (int b = 0; b <= BINS; b++) {
            double share = Math.min(1, deeper[b] / deeper[0]);
            double bits = share > 0 ? Density.bits(share) : MAX_BITS;
            out[at + b] = Math.min(MAX_BITS, bits);
        }
    }

    /** The probability that a run goes on, in each bin. */
    private static double[] keep(SequenceTally tally, int column) {
        double[] held = new double[BINS];
        double[] rows = new double[BINS];
        double all = 0;
        for (int b = 0; b < BINS; b++) {
            held[b] = tally.held[column * BINS + b] / (double) Tally.ONE;
            rows[b] = held[b] + tally.ended[column * BINS + b] / (double) Tally.ONE;
            all += rows[b];
        }
        // Half a row for each way (Krichevsky and Trofimov 1981): no field is known never to change.
        double most = 1 - 0.5 / (all + 1);
        double[] keep = new double[BINS];
        keep[0] = (held[0] + 0.5) / (rows[0] + 1);
        for (int b = 1; b < BINS; b++) {
            double again = (held[b] + PRIOR * Math.max(AGAIN, keep[b - 1])) / (rows[b] + PRIOR);
            keep[b] = Math.min(most, again);
        }
        return keep;
    }

    /** Bits of a run of at least one row, between the ends of its bin. */
    static double bits(double[] table, int at, int run) {
        int b = bin(run);
        double part = (run - lower(b)) / (double) (lower(b + 1) - lower(b));
        return table[at + b] + (table[at + b + 1] - table[at + b]) * part;
    }
}
