package io.winnow.core.backtest;

import io.winnow.core.contract.Contract;
import io.winnow.core.hygiene.Judge;
import io.winnow.core.hygiene.Summary;
import io.winnow.core.infer.ContractInference;
import io.winnow.core.row.Row;
import io.winnow.core.row.RowDecoder;
import io.winnow.core.tabular.FileRecord;
import io.winnow.core.tabular.RecordFile;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How well anomalies of known truth are found: one pass over a file in its order, each row scored under what was learned of
 * the rows before it, then learned. The label is never shown to the detector. The same judge, cadence and cold start as the
 * stream's.
 */
public final class DetectionBacktest {
    /** Rows at the start that are learned but not measured. */
    public static final int WARM_UP = 1_000;

    private final Contract contract;
    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private double[] bits = new double[1 << 14];
    private boolean[] anomalous = new boolean[1 << 14];
    private int rows;
    private long nanos;
    private final HistoryJudge judge;
    private final MostSurprising cases;

    private DetectionBacktest(Contract contract, @Nullable Summary decided, int cases) {
        this.contract = contract;
        this.judge = new HistoryJudge(contract, decided, this::judged);
        this.cases = new MostSurprising(cases);
    }

    /**
     * Runs over one file.
     *
     * @param file CSV or NDJSON, plain or gzip
     * @param label the column that marks anomalies: anything but 0, false, empty or "normal" is one
     * @param contract how to read the file, with the label as its target or unnamed; drafted from the file if absent
     * @param decisions that many of the most surprising rows are decided as the label says, and the file is run over once
     *     more with what that taught; 0 for none
     * @param progress receives the bytes read, now and then
     * @throws IOException if the file cannot be read
     * @throws io.winnow.core.contract.ContractException if the label is no column of the file
     */
    public static DetectionResult run(
            Path file, String label, Optional<Contract> contract, int decisions, LongConsumer progress)
            throws IOException {
        Contract agreed = contract.isPresent()
                ? contract.get()
                : ContractInference.draft(file, Optional.of(label)).contract();
        if (!agreed.target().map(t -> t.name().equals(label)).orElse(false)) {
            throw new io.winnow.core.contract.ContractException(
                    file + ": the contract's target must be the label column '" + label + "'");
        }
        DetectionBacktest untaught = new DetectionBacktest(agreed, null, decisions);
        long undecodable = untaught.over(file, progress);
        Taught taught = null;
        if (decisions > 0) {
            DetectionBacktest again = new DetectionBacktest(agreed, untaught.cases.decided(), 0);
            again.over(file, progress);
            taught = untaught.compare(again);
        }
        return untaught.result(file, undecodable, taught);
    }

    /** Runs over the file; the records that do not decode. */
    private long over(Path file, LongConsumer progress) throws IOException {
        RowDecoder decoder = new RowDecoder(contract);
        long undecodable = 0;
        try (RecordFile records = RecordFile.open(file, Optional.of(contract))) {
            for (FileRecord record = records.next(); record != null; record = records.next()) {
                Row row = new Row(contract);
                if (decoder.decode(record.value(), row) != null) {
                    undecodable++;
                    continue;
                }
                if (judge.add(record.value(), row)) {
                    judgeBatch();
                    progress.accept(records.bytesRead());
                }
            }
        }
        judgeBatch();
        return undecodable;
    }

    private Taught compare(DetectionBacktest again) {
        BitSet known = cases.rows();
        int[] rest = IntStream.range(Math.min(WARM_UP, rows), rows)
                .filter(i -> !known.get(i))
                .toArray();
        boolean[] truth = new boolean[rest.length];
        double[] before = new double[rest.length];
        double[] after = new double[rest.length];
        for (int i = 0; i < rest.length; i++) {
            truth[i] = anomalous[rest[i]];
            before[i] = bits[rest[i]];
            after[i] = again.bits[rest[i]];
        }
        return new Taught(
                known.cardinality(),
                cases.discarded(),
                DetectionResult.areas(before, truth)[1],
                DetectionResult.areas(after, truth)[1]);
    }

    private DetectionResult result(Path file, long undecodable, @Nullable Taught taught) {
        int from = Math.min(WARM_UP, rows);
        double[] s = Arrays.copyOfRange(bits, from, rows);
        boolean[] a = Arrays.copyOfRange(anomalous, from, rows);
        return DetectionResult.of(
                file.toString(),
                rows,
                undecodable,
                s,
                a,
                contract.hygiene().quarantineBits(),
                rows == 0 ? 0 : nanos / (double) rows,
                taught);
    }

    private void judgeBatch() {
        long start = threads.getCurrentThreadCpuTime();
        judge.judge();
        nanos += threads.getCurrentThreadCpuTime() - start;
    }

    private void judged(long number, Row row, double bits, Judge by) {
        if (number >= WARM_UP) {
            cases.consider((int) number, bits, isAnomaly(row), row, by);
        }
        note(bits, isAnomaly(row));
    }

    private void note(double score, boolean anomaly) {
        if (rows == bits.length) {
            bits = Arrays.copyOf(bits, 2 * rows);
            anomalous = Arrays.copyOf(anomalous, 2 * rows);
        }
        bits[rows] = score;
        anomalous[rows++] = anomaly;
    }

    /** Whether the label says so: the row's target, anything but 0, false, empty or "normal". */
    public static boolean isAnomaly(Row row) {
        String category = row.targetCategory;
        return category != null
                ? !(category.isEmpty()
                        || category.equals("0")
                        || category.equalsIgnoreCase("false")
                        || category.equalsIgnoreCase("normal"))
                : row.targetNumber != 0 && !Double.isNaN(row.targetNumber);
    }
}
