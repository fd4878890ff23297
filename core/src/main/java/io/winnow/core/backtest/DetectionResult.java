package io.winnow.core.backtest;

import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How well a file's anomalies were found, over the rows after the warm-up.
 *
 * @param file its path
 * @param rows all rows that decoded
 * @param undecodable records passed over because they do not decode
 * @param auroc area under the receiver operating characteristic, ties counted half; NaN with one class only
 * @param averagePrecision area under the precision–recall steps; NaN without anomalies
 * @param nanosPerRow CPU time of score and learn
 * @param quarantined rows at or above the threshold
 * @param recall share of anomalies quarantined; NaN without anomalies
 * @param precision share of quarantined rows that are anomalies; NaN where nothing was quarantined
 * @param taught what decisions on the most surprising rows changed; null where none were asked for
 */
public record DetectionResult(
        String file,
        int rows,
        long undecodable,
        double auroc,
        double averagePrecision,
        double nanosPerRow,
        long quarantined,
        double recall,
        double precision,
        @Nullable Taught taught) {

    static DetectionResult of(
            String file,
            int rows,
            long undecodable,
            double[] bits,
            boolean[] anomalous,
            double threshold,
            double nanosPerRow,
            @Nullable Taught taught) {
        long quarantined = 0;
        long caught = 0;
        long anomalies = 0;
        for (int i = 0; i < bits.length; i++) {
            anomalies += anomalous[i] ? 1 : 0;
            if (bits[i] >= threshold) {
                quarantined++;
                caught += anomalous[i] ? 1 : 0;
            }
        }
        double[] areas = areas(bits, anomalous);
        return new DetectionResult(
                file,
                rows,
                undecodable,
                areas[0],
                areas[1],
                nanosPerRow,
                quarantined,
                (double) caught / anomalies,
                (double) caught / quarantined,
                taught);
    }

    /**
     * AUROC (Mann–Whitney) and average precision, walking down the scores a tie group at a time.
     *
     * @param bits of each row
     * @param anomalous whether it is an anomaly
     * @return the two, in this order; NaN as in {@link #auroc()} and {@link #averagePrecision()}
     */
    public static double[] areas(double[] bits, boolean[] anomalous) {
        int[] order = IntStream.range(0, bits.length)
                .boxed()
                .sorted((a, b) -> Double.compare(bits[b], bits[a]))
                .mapToInt(Integer::intValue)
                .toArray();
        double positives = 0;
        double negatives = 0;
        double wins = 0;
        double precisionSum = 0;
        int i = 0;
        while (i < order.length) {
            double hits = 0;
            double misses = 0;
            int j = i;
            while (j < order.length && bits[order[j]] == bits[order[i]]) {
                if (anomalous[order[j++]]) {
                    hits++;
                } else {
                    misses++;
                }
            }
            wins += misses * (positives + hits / 2);
            positives += hits;
            negatives += misses;
            precisionSum += hits * positives / (positives + negatives);
            i = j;
        }
        return new double[] {wins / (positives * negatives), precisionSum / positives};
    }
}
