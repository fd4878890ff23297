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
    static final int PROJECTIONS = 1;
    private static final int GAUSSIAN = 2;
    private static final int COMBINED = Frame.VIEWS;
    private static final int SEQUENCE = COMBINED + 1;

    /**
     * A row has the Gaussian's bits, less so many, at least: fields that do not go together are what an average with views
     * that see each alone drowns.
     */
    private static final double GAUSSIAN_MARGIN = 6;

    /** Fewer rows than this set nothing aside. */
    static final int YOUNG_ROWS = 64;

    final Frame frame;
    final Fields fields;
    private final Ranges ranges;
    private final Projections projections;
    private final Gaussian gaussian;
    private final Calibration[] calibrations;
    /** Null where the contract does not ask for it. */
    final @Nullable SequenceView sequence;

    private final @Nullable Teaching teaching;
    /** No more bits than this while rows are few; infinity otherwise. */
    private final double ceiling;

    /** Context and columns of the row last scored, kept so that learning it costs no second look. */
    private final double[] gaussianColumns;

    private final float[] centered;
    private final float[] whitened;
    /** The views' raw scores, their combination's, and those of the sequence's views where there are any. */
    private final double[] raw;

    private final double[] calibrated = new double[Frame.VIEWS];
    /** Of the row last scored: bits by views and sequences, and by its farthest field. */
    private double usualBits;

    private double rangeBits;

    Scorer(Frame frame, Tally tally, double seen, double cut) {
        this(frame, tally, Lessons.none(frame.layout), ShiftedScores.NONE, seen, cut);
    }

    Scorer(Frame frame, Tally tally, Lessons lessons, ShiftedScores shifted, double seen, double cut) {
        this.frame = frame;
        fields = new Fields(frame, tally);
        ranges = new Ranges(frame, tally, Ranges.LEARNED);
        projections = new Projections(frame, tally);
        gaussian = new Gaussian(frame, tally);
        calibrations = new Calibration[Frame.VIEWS + 1];
        for (int v = 0; v <= Frame.VIEWS; v++) {
            Calibration remembered = calibration(tally.views, v, cut, seen, null);
            calibrations[v] = shifted.isEmpty() ? remembered : calibration(shifted.views(), v, cut, seen, remembered);
        }
        sequence = tally.sequence == null ? null : new SequenceView(frame, tally.sequence, cut);
        raw = new double[rawScores(frame)];
        teaching = Teaching.of(frame, lessons, tally, fields.tables());
        ceiling = seen < YOUNG_ROWS ? Density.bits(1 / (seen + 1)) : Double.POSITIVE_INFINITY;
        gaussianColumns = new double[frame.gaussianColumns()];
        centered = new float[frame.gaussianColumns()];
        whitened = new float[frame.gaussianColumns()];
    }

    private Scorer(Scorer shared) {
        frame = shared.frame;
        fields = shared.fields.forThread();
        ranges = shared.ranges;
        projections = shared.projections.forThread();
        gaussian = shared.gaussian;
        calibrations = shared.calibrations;
        sequence = shared.sequence == null ? null : shared.sequence.forThread();
        raw = new double[shared.raw.length];
        teaching = shared.teaching;
        ceiling = shared.ceiling;
        gaussianColumns = new double[shared.gaussianColumns.length];
        centered = new float[shared.centered.length];
        whitened = new float[shared.whitened.length];
    }

    private Calibration calibration(int[] views, int view, double cut, double seen, @Nullable Calibration longer) {
        return new Calibration(
                views, view * Grid.CELLS, frame.viewCenter[view], frame.viewScale[view], cut, seen, longer);
    }

    /** The same tables with buffers of its own. */
    Scorer forThread() {
        return new Scorer(this);
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
        raw[FIELDS] = fields.score(row);
        raw[PROJECTIONS] = projections.score(fields.floats);
        raw[GAUSSIAN] = gaussian(row);
        double together = combine(raw);
        double taught = taughtFactor();
        raw[COMBINED] = teaching == null ? together : (1 + together) * taught - 1;
        double bits = calibrations[COMBINED].of(raw[COMBINED]);
        if (sequence != null) {
            sequence.score(row, past, raw, SEQUENCE);
            bits = sequence.together(bits, raw, SEQUENCE);
        }
        usualBits = bits;
        rangeBits = ranges.bits(fields.floats);
        // What was released counts less here too; what was discarded has its say before the calibration, which bounds
        // it.
        double gaussianBits = (calibrated[GAUSSIAN] - GAUSSIAN_MARGIN) * Math.min(1, taught);
        bits = Math.max(Math.max(usualBits, rangeBits), gaussianBits);
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

    private double gaussian(Row row) {
        if (gaussianColumns.length == 0) {
            return 0;
        }
        frame.context(row, gaussianColumns);
        System.arraycopy(fields.z, 0, gaussianColumns, frame.contextColumns(), fields.z.length);
        return gaussian.score(gaussianColumns, centered, whitened);
    }

    /** Adds the row last scored to what the densities learn. */
    void learn(Tally tally) {
        fields.count(tally.fields, tally.missing, tally.categories);
        projections.count(tally.projections);
        tally.moments.add(gaussianColumns);
        tally.rows++;
    }

    /** Adds where the values of the row last scored fell. */
    void note(FieldCounts counts) {
        fields.count(counts.fields, counts.missing, counts.categories);
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

    /** Bits of the row last scored by its views and how it follows others, whatever its range. */
    double usualBits() {
        return usualBits;
    }

    /** Bits of the row last scored by how far beyond its range the farthest field lies ({@link Ranges}). */
    double rangeBits() {
        return rangeBits;
    }

    /** What decisions multiply the surprise of the row last scored by; 1 where nothing was taught. */
    double taughtFactor() {
        return teaching == null ? 1 : teaching.factor(calibrated, fields);
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
        fields.partBits(parts, bits);
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
        for (int j = 0; sequence != null && j < frame.numeric.length; j++) {
            int i = frame.numeric[j];
            bits[i] = Math.max(bits[i], Math.max(sequence.changeBits(j), sequence.runBits(j)));
        }
        return bits;
    }

    /** For each feature in contract order, how surprising the value of the row last scored is by itself, in bits. */
    double[] aloneBits(int features) {
        double[] bits = new double[features];
        for (int j = 0; j < frame.numeric.length; j++) {
            bits[frame.numeric[j]] = Math.max(fields.columnBits(j), ranges.bits(j, fields.floats[j]));
        }
        for (int c = 0; c < frame.category.length; c++) {
            bits[frame.category[c]] = fields.categoryBits(c);
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
        fields.copyTo(vector);
        return vector;
    }
}
