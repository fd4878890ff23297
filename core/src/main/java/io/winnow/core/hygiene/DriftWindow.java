package io.winnow.core.hygiene;

import io.winnow.core.contract.Contract;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The rows of late, field by field, to be held against a profile. All valid rows are in it, refused ones too: a measure
 * that saw only what was accepted would be blind to what it is there for. Old rows fade; it begins again when the
 * profile's frame moves. Mutable, not thread-safe.
 *
 * <p><b>How many rows.</b> Half as many as the profile knows, {@value #FEWEST} to {@value #MOST}: a profile remembers some
 * 20,000. Over fewer, a stream that follows the day or the week would differ from its profile at every hour; over more,
 * the profile would have learned what is new before it shows here. Until the window is half full it says nothing.
 *
 * <p><b>Small samples.</b> Rows that agree with the profile in truth have a stability index of about (bins − 1) ÷ rows by
 * chance: 0.01 with ten bins and 1,000 rows. And what drifts more slowly than a profile forgets is not drift by this
 * measure.
 */
public final class DriftWindow {
    private static final double FEWEST = 2_000;
    private static final double MOST = 10_000;
    /** Of a bin that one side never saw: half a row, so that its logarithm is finite. */
    private static final double UNSEEN = 0.5;

    private static final double LOG2 = Density.LOG2;

    private final Contract contract;
    private int generation = -1;
    private double full = FEWEST;
    private double rows;
    private double[] fields = {};
    private double[] missing = {};
    private double[] categories = {};

    /** An empty window on rows of this contract. */
    public DriftWindow(Contract contract) {
        this.contract = contract;
    }

    /**
     * Adds what was gathered, learned or not.
     *
     * @param judgedBy the profile that judged these rows
     */
    public void add(Summary gathered, Profile judgedBy) {
        Frame frame = gathered.frame();
        Tally learned = gathered.tally();
        FieldCounts others = gathered.unlearned();
        if (frame.generation != generation) {
            generation = frame.generation;
            rows = 0;
            fields = new double[learned.fields.length];
            missing = new double[learned.missing.length];
            categories = new double[learned.categories.length];
        }
        full = Math.max(FEWEST, Math.min(MOST, judgedBy.rows() / 2.0));
        double keep = Math.min(1, Math.max(0, full - gathered.rows()) / Math.max(1, rows));
        rows = rows * keep + gathered.rows();
        add(fields, keep, learned.fields, others.fields);
        add(missing, keep, learned.missing, others.missing);
        add(categories, keep, learned.categories, others.categories);
    }

    private static void add(double[] sum, double keep, int[] a, int[] b) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] = sum[i] * keep + a[i] + b[i];
        }
    }

    /**
     * How far each feature is from the profile, in contract order.
     *
     * @param profile the one that judged these rows
     */
    public List<FieldDrift> against(Profile profile) {
        Frame frame = profile.frame;
        boolean known = frame.generation == generation && rows >= full / 2;
        FieldDrift[] drifts = new FieldDrift[contract.features().size()];
        for (int i = 0; i < drifts.length; i++) {
            drifts[i] = new FieldDrift(contract.features().get(i).name(), Double.NaN, Double.NaN);
        }
        for (int j = 0; known && j < frame.columns(); j++) {
            double[] p = doubles(profile.tally.fields, j * Grid.CELLS, Grid.CELLS);
            double[] q = Arrays.copyOfRange(fields, j * Grid.CELLS, (j + 1) * Grid.CELLS);
            int[] bin = DriftBins.ofCells(p);
            drifts[frame.numeric[j]] = drift(
                    drifts[frame.numeric[j]].field(),
                    binned(p, bin, profile.tally.missing[j] / (double) Tally.ONE),
                    binned(q, bin, missing[j]));
        }
        int buckets = frame.buckets;
        for (int c = 0; known && c < frame.category.length; c++) {
            int at = c * (buckets + 1);
            double[] p = doubles(profile.tally.categories, at, buckets);
            int[] bin = DriftBins.ofBuckets(p);
            drifts[frame.category[c]] = drift(
                    drifts[frame.category[c]].field(),
                    binned(p, bin, profile.tally.categories[at + buckets] / (double) Tally.ONE),
                    binned(Arrays.copyOfRange(categories, at, at + buckets), bin, categories[at + buckets]));
        }
        return List.of(drifts);
    }

    private static double[] doubles(int[] counts, int from, int length) {
        return Arrays.stream(counts, from, from + length)
                .mapToDouble(c -> c / (double) Tally.ONE)
                .toArray();
    }

    /** Rows in each bin; missing values last. */
    private static double[] binned(double[] rows, int[] bin, double missing) {
        double[] sums = new double[Arrays.stream(bin).max().orElse(0) + 2];
        for (int i = 0; i < rows.length; i++) {
            sums[bin[i]] += rows[i];
        }
        sums[sums.length - 1] = missing;
        return sums;
    }

    /**
     * The drift between two counts over the same bins.
     *
     * @param p what the profile knows, in rows
     * @param q the rows of late
     */
    static FieldDrift drift(String field, double[] p, double[] q) {
        List<double[]> seen = new ArrayList<>();
        double ps = 0;
        double qs = 0;
        for (int i = 0; i < p.length; i++) {
            if (p[i] + q[i] > 0) {
                seen.add(new double[] {p[i], q[i]});
                ps += p[i];
                qs += q[i];
            }
        }
        if (ps == 0 || qs == 0) {
            return new FieldDrift(field, Double.NaN, Double.NaN);
        }
        double psi = 0;
        double divergence = 0;
        for (double[] bin : seen) {
            double a = Math.max(bin[0], UNSEEN) / ps;
            double b = Math.max(bin[1], UNSEEN) / qs;
            psi += (b - a) * Math.log(b / a);
            divergence += half(bin[0] / ps, bin[1] / qs) + half(bin[1] / qs, bin[0] / ps);
        }
        return new FieldDrift(field, psi, divergence);
    }

    private static double half(double share, double other) {
        return share == 0 ? 0 : 0.5 * share * Math.log(2 * share / (share + other)) / LOG2;
    }
}
