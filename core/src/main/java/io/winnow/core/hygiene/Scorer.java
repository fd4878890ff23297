package io.winnow.core.hygiene;

import io.winnow.core.row.Row;
import io.winnow.core.sequence.Past;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A profile made ready to score: tables of surprisal in place of logarithms. Three views look at a row, each giving a raw
 * surprisal: its fields one by one, sparse random projections (LODA, Pevný 2016), and a Gaussian that knows how the fields
 * go together. Each is calibrated to tail bits; their quadratic mean, calibrated once more, is the row's bits. (A plain
 * mean drowns what only one view sees; a maximum believes every view's noise.)
 *
 * <p>The tables are immutable and shared; the buffers are one thread's. {@link #forThread()} gives another thread its own.
 */
final class Scorer {
    private static final int FIELDS = 0;
    private static final int PROJECTIONS = 1;
    private static final int GAUSSIAN = 2;
    private static final int COMBINED = Frame.VIEWS;
    private static final int SEQUENCE = COMBINED + 1;

    /** Fewer rows than this set nothing aside. */
    static final int YOUNG_ROWS = 64;

    final Frame frame;
    private final float[] fieldBits;
    private final float[] fieldTailBits;
    private final float[] projectionBits;
    private final float[] missingBits;
    private final float[] presentBits;
    private final float[] categoryBits;
    private final Gaussian gaussian;
    private final Calibration[] calibrations;
    /** Null where the contract does not ask for it. */
    final @Nullable SequenceView sequence;

    private final @Nullable Teaching teaching;
    /** No more bits than this while rows are few; infinity otherwise. */
    private final double ceiling;

    /** The row in the frame's coordinates, kept so that learning it costs no second look. */
    final double[] z;

    final int[] fieldCells;
    final int[] projectionCells;
    final int[] categoryBuckets;
    final double[] gaussianColumns;
    private final float[] whitened;
    private final double[] projected;
    /** The views' raw scores, their combination's, and those of the sequence's views where there are any. */
    private final double[] raw;

    private final double[] calibrated = new double[Frame.VIEWS];

    Scorer(Frame frame, Tally tally, double seen, double cut) {
        this(frame, tally, Lessons.none(frame.layout), seen, cut);
    }

    Scorer(Frame frame, Tally tally, Lessons lessons, double seen, double cut) {
        this.frame = frame;
        int d = frame.columns();
        fieldBits = new float[d * Grid.CELLS];
        fieldTailBits = new float[d * Grid.CELLS];
        missingBits = new float[d];
        presentBits = new float[d];
        for (int j = 0; j < d; j++) {
            Density.surprisal(tally.fields, j * Grid.CELLS, Tally.ONE, fieldBits);
            Density.tailBits(tally.fields, j * Grid.CELLS, Tally.ONE, fieldTailBits);
            double missing = tally.missing[j] / (double) Tally.ONE;
            double present = 0;
            for (int i = j * Grid.CELLS; i < (j + 1) * Grid.CELLS; i++) {
                present += tally.fields[i] / (double) Tally.ONE;
            }
            double share = (missing + 0.5) / (present + missing + 1);
            missingBits[j] = (float) Density.bits(share);
            presentBits[j] = (float) Density.bits(1 - share);
        }
        projectionBits = new float[frame.projections() * Grid.CELLS];
        for (int p = 0; p < frame.projections(); p++) {
            Density.surprisal(tally.projections, p * Grid.CELLS, Tally.ONE, projectionBits);
        }
        categoryBits = categoryBits(frame, tally);
        gaussian = new Gaussian(frame, tally);
        calibrations = new Calibration[Frame.VIEWS + 1];
        for (int v = 0; v <= Frame.VIEWS; v++) {
            calibrations[v] =
                    new Calibration(tally.views, v * Grid.CELLS, frame.viewCenter[v], frame.viewScale[v], cut, seen);
        }
        sequence = tally.sequence == null ? null : new SequenceView(frame, tally.sequence, cut);
        raw = new double[rawScores(frame)];
        teaching = Teaching.of(frame, lessons, tally, new Teaching.Tables(fieldTailBits, missingBits, categoryBits));
        ceiling = seen < YOUNG_ROWS ? Density.bits(1 / (seen + 1)) : Double.POSITIVE_INFINITY;
        z = new double[d];
        fieldCells = new int[d];
        projectionCells = new int[frame.projections()];
        categoryBuckets = new int[frame.category.length];
        gaussianColumns = new double[frame.gaussianColumns()];
        whitened = new float[frame.gaussianColumns()];
        projected = new double[frame.projections()];
    }

    private Scorer(Scorer shared) {
        frame = shared.frame;
        fieldBits = shared.fieldBits;
        fieldTailBits = shared.fieldTailBits;
        projectionBits = shared.projectionBits;
        missingBits = shared.missingBits;
        presentBits = shared.presentBits;
        categoryBits = shared.categoryBits;
        gaussian = shared.gaussian;
        calibrations = shared.calibrations;
        sequence = shared.sequence == null ? null : shared.sequence.forThread();
        raw = new double[shared.raw.length];
        teaching = shared.teaching;
        ceiling = shared.ceiling;
        z = new double[shared.z.length];
        fieldCells = new int[shared.fieldCells.length];
        projectionCells = new int[shared.projectionCells.length];
        categoryBuckets = new int[shared.categoryBuckets.length];
        gaussianColumns = new double[shared.gaussianColumns.length];
        whitened = new float[shared.whitened.length];
        projected = new double[shared.projected.length];
    }

    /** The same tables with buffers of its own. */
    Scorer forThread() {
        return new Scorer(this);
    }

    private static float[] categoryBits(Frame frame, Tally tally) {
        float[] table = new float[tally.categories.length];
        int buckets = frame.buckets + 1;
        for (int c = 0; c < frame.category.length; c++) {
            double rows = 0;
            int distinct = 0;
            for (int b = 0; b < buckets; b++) {
                rows += tally.categories[c * buckets + b] / (double) Tally.ONE;
                distinct += tally.categories[c * buckets + b] > 0 ? 1 : 0;
            }
            for (int b = 0; b < buckets; b++) {
                // Half a row for each value seen and one more for all the unseen (after Krichevsky and Trofimov 1981).
                double count = tally.categories[c * buckets + b] / (double) Tally.ONE + 0.5;
                table[c * buckets + b] = (float) Density.bits(count / (rows + 0.5 * (distinct + 1)));
            }
        }
        return table;
    }

    private static int rawScores(Frame frame) {
        return Frame.VIEWS + 1 + (frame.layout.contextual() ? SequenceTally.SCORES : 0);
    }

    /** Scores a row on its own. */
    double score(Row row) {
        return score(row, null);
    }

    /**
     * Scores a row; the bits, ≥ 0. Leaves the row's coordinates in the buffers for {@link #learn} and {@link #count}.
     *
     * @param past what it is compared with, where the contract asks for that
     */
    double score(Row row, @Nullable Past past) {
        raw[FIELDS] = fields(row);
        raw[PROJECTIONS] = projections();
        raw[GAUSSIAN] = gaussian(row);
        double together = combine(raw);
        raw[COMBINED] = teaching == null ? together : (1 + together) * taughtFactor() - 1;
        double bits = calibrations[COMBINED].of(raw[COMBINED]);
        if (sequence != null) {
            sequence.score(row, past, raw, SEQUENCE);
            bits = sequence.together(bits, raw, SEQUENCE);
        }
        // n rows cannot show that another is rarer than one in n + 1; bent, not cut, so that ranks never tie.
        return ceiling < Double.POSITIVE_INFINITY ? ceiling * bits / (1 + ceiling + bits) : bits;
    }

    /** The bits of a row by raw scores of which the combination is one: with what the sequence's views say of it. */
    double together(double[] scores) {
        double bits = calibrations[COMBINED].of(scores[COMBINED]);
        return sequence == null ? bits : sequence.together(bits, scores, SEQUENCE);
    }

    /** The quadratic mean of the views' bits. */
    double combine(double[] scores) {
        double squares = 0;
        int views = frame.columns() == 0 ? 1 : frame.hasGaussian() ? 3 : 2;
        for (int v = 0; v < views; v++) {
            double b = calibrations[v].of(scores[v]);
            calibrated[v] = b;
            squares += b * b;
        }
        return Math.sqrt(squares / views);
    }

    private double fields(Row row) {
        frame.standardize(row, z);
        double sum = 0;
        for (int j = 0; j < z.length; j++) {
            if (Double.isNaN(z[j])) {
                fieldCells[j] = -1;
                sum += missingBits[j];
            } else {
                fieldCells[j] = Grid.cell(z[j]);
                sum += presentBits[j] + fieldBits[j * Grid.CELLS + fieldCells[j]];
            }
        }
        for (int c = 0; c < categoryBuckets.length; c++) {
            categoryBuckets[c] = frame.bucket(row.categories[frame.category[c]]);
            sum += categoryBits[c * (frame.buckets + 1) + categoryBuckets[c]];
        }
        return sum / (z.length + categoryBuckets.length);
    }

    /** Mean surprisal over the projections that miss no field. */
    private double projections() {
        int[] column = frame.projectionColumn;
        float[] weight = frame.projectionWeight;
        // One entry of every projection at a time: no addition waits for the one before it.
        for (int p = 0; p < projected.length; p++) {
            projected[p] = weight[p] * z[column[p]];
        }
        for (int i = 1, at = projected.length; i < frame.sparsity; i++, at += projected.length) {
            for (int p = 0; p < projected.length; p++) {
                projected[p] += weight[at + p] * z[column[at + p]];
            }
        }
        double sum = 0;
        int n = 0;
        for (int p = 0; p < projected.length; p++) {
            double a = projected[p];
            if (Double.isNaN(a)) {
                projectionCells[p] = -1;
            } else {
                int cell = Grid.cell(a);
                projectionCells[p] = cell;
                sum += projectionBits[p * Grid.CELLS + cell];
                n++;
            }
        }
        return n == 0 ? frame.viewCenter[PROJECTIONS] : sum / n;
    }

    private double gaussian(Row row) {
        if (gaussianColumns.length == 0) {
            return 0;
        }
        frame.context(row, gaussianColumns);
        System.arraycopy(z, 0, gaussianColumns, frame.contextColumns(), z.length);
        return gaussian.score(gaussianColumns, whitened);
    }

    /** Adds the row last scored to what the densities learn. */
    void learn(Tally tally) {
        countValues(tally.fields, tally.missing, tally.categories);
        for (int p = 0; p < projectionCells.length; p++) {
            if (projectionCells[p] >= 0) {
                tally.projections[p * Grid.CELLS + projectionCells[p]]++;
            }
        }
        tally.moments(gaussianColumns);
        tally.rows++;
    }

    /** Adds where the values of the row last scored fell. */
    void note(FieldCounts counts) {
        countValues(counts.fields, counts.missing, counts.categories);
    }

    private void countValues(int[] fields, int[] missing, int[] categories) {
        for (int j = 0; j < fieldCells.length; j++) {
            if (fieldCells[j] < 0) {
                missing[j]++;
            } else {
                fields[j * Grid.CELLS + fieldCells[j]]++;
            }
        }
        for (int c = 0; c < categoryBuckets.length; c++) {
            categories[c * (frame.buckets + 1) + categoryBuckets[c]]++;
        }
    }

    /** Adds how the row last scored follows its key's last ones; nothing where the contract does not ask. */
    void follow(Tally tally) {
        if (sequence != null && tally.sequence != null) {
            sequence.learn(tally.sequence);
        }
    }

    /** Adds the scores of the row last scored to what the calibration counts. */
    void count(Tally tally) {
        for (int v = 0; v <= Frame.VIEWS; v++) {
            tally.views[v * Grid.CELLS + calibrations[v].cell(raw[v])]++;
        }
        if (sequence != null && tally.sequence != null) {
            tally.sequence.count(raw, SEQUENCE, 1);
        }
        tally.judged++;
    }

    /** What decisions multiply the surprise of the row last scored by; 1 where nothing was taught. */
    double taughtFactor() {
        return teaching == null ? 1 : teaching.factor(calibrated, fieldCells, categoryBuckets);
    }

    /** For each part, bits for each of its bits; all zero where nothing was taught. */
    double[] taughtWeights() {
        return teaching == null ? new double[Parts.of(frame.layout).count()] : teaching.weights();
    }

    /** For each of {@link Parts}, the bits that it sees in the row last scored; 0 for a side where the row is not. */
    double[] partBits() {
        Parts parts = Parts.of(frame.layout);
        double[] bits = new double[parts.count()];
        System.arraycopy(calibrated, 0, bits, 0, Frame.VIEWS);
        for (int j = 0; j < fieldCells.length; j++) {
            int cell = fieldCells[j];
            int side = cell < 0 ? Parts.MISSING : Parts.side(cell);
            bits[parts.side(j, side)] = cell < 0 ? missingBits[j] : fieldTailBits[j * Grid.CELLS + cell];
        }
        for (int c = 0; c < categoryBuckets.length; c++) {
            bits[parts.category(c)] = categoryBits[c * (frame.buckets + 1) + categoryBuckets[c]];
        }
        return bits;
    }

    /** Raw scores of the row last scored: each view, then their combination. */
    double[] rawScores() {
        return raw.clone();
    }

    /**
     * For each feature in contract order, how surprising the value of the row last scored is, in bits: by itself, given the
     * other fields, or after the key's last row, whichever is most.
     */
    double[] featureBits(int features) {
        double[] bits = aloneBits(features);
        double[] given = givenOthersBits(features);
        for (int i = 0; i < features; i++) {
            bits[i] = Double.isNaN(given[i]) ? bits[i] : Math.max(bits[i], given[i]);
        }
        for (int j = 0; sequence != null && j < z.length; j++) {
            int i = frame.numeric[j];
            bits[i] = Math.max(bits[i], Math.max(sequence.changeBits(j), sequence.runBits(j)));
        }
        return bits;
    }

    /** For each feature in contract order, how surprising the value of the row last scored is by itself, in bits. */
    double[] aloneBits(int features) {
        double[] bits = new double[features];
        for (int j = 0; j < fieldCells.length; j++) {
            bits[frame.numeric[j]] = fieldCells[j] < 0 ? missingBits[j] : fieldTailBits[j * Grid.CELLS + fieldCells[j]];
        }
        for (int c = 0; c < categoryBuckets.length; c++) {
            bits[frame.category[c]] = categoryBits[c * (frame.buckets + 1) + categoryBuckets[c]];
        }
        return bits;
    }

    /**
     * For each feature in contract order, how surprising the value of the row last scored is given the other fields, in
     * bits; NaN where the Gaussian does not know.
     */
    double[] givenOthersBits(int features) {
        double[] bits = new double[features];
        Arrays.fill(bits, Double.NaN);
        double[] conditional = gaussianColumns.length == 0 ? new double[0] : gaussian.conditionalBits(whitened);
        for (int j = 0; j < conditional.length; j++) {
            bits[frame.numeric[j]] = conditional[j];
        }
        return bits;
    }

    /** Calibrated bits of the row last scored, view by view; NaN for a view that this frame or this row does not have. */
    double[] viewBits() {
        double[] bits = new double[Frame.VIEWS + (sequence == null ? 0 : SequenceView.VIEWS)];
        for (int v = 0; v < Frame.VIEWS; v++) {
            boolean used = v == FIELDS || (v == PROJECTIONS ? frame.columns() > 0 : frame.hasGaussian());
            bits[v] = used ? calibrations[v].of(raw[v]) : Double.NaN;
        }
        for (int v = 0; v < bits.length - Frame.VIEWS; v++) {
            double score = raw[SEQUENCE + v];
            bits[Frame.VIEWS + v] = sequence == null || Double.isNaN(score) ? Double.NaN : sequence.bits(v, score);
        }
        return bits;
    }

    /** The standardized vector of the row last scored: contract order, NaN where missing and for categories. */
    float[] features(int features) {
        float[] vector = new float[features];
        Arrays.fill(vector, Float.NaN);
        for (int j = 0; j < z.length; j++) {
            vector[frame.numeric[j]] = (float) z[j];
        }
        return vector;
    }
}
