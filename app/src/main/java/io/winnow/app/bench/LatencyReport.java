package io.winnow.app.bench;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * From raw to clean, in milliseconds: from the moment a record was due to be sent until a consumer that reads committed
 * records had it.
 *
 * @param capacity records a second that the job judges where nothing paces it; null where that was not measured
 * @param rate records a second that were sent
 * @param checkpointMillis between checkpoints
 * @param seed of the values
 * @param exactlyOnce with transactions
 * @param atLeastOnce without
 */
public record LatencyReport(
        @Nullable Double capacity,
        double rate,
        long checkpointMillis,
        long seed,
        Quantiles exactlyOnce,
        Quantiles atLeastOnce) {

    /**
     * How long records took.
     *
     * @param records measured
     * @param p50 half of them took at most this long, in milliseconds
     * @param p99 99 in a hundred
     * @param p999 999 in a thousand
     * @param max all
     */
    public record Quantiles(long records, double p50, double p99, double p999, double max) {

        /**
         * Of these latencies.
         *
         * @param nanos at least one, in any order
         * @throws IllegalArgumentException if there is none
         */
        static Quantiles of(long[] nanos) {
            if (nanos.length == 0) {
                throw new IllegalArgumentException("no record arrived");
            }
            long[] sorted = nanos.clone();
            Arrays.sort(sorted);
            return new Quantiles(sorted.length, at(sorted, 0.5), at(sorted, 0.99), at(sorted, 0.999), at(sorted, 1));
        }

        private static double at(long[] sorted, double share) {
            int rank = (int) Math.ceil(share * sorted.length);
            return sorted[Math.max(0, rank - 1)] / 1e6;
        }
    }

    /** The report's fields. */
    public Map<String, Object> fields() {
        Map<String, Object> latency = new LinkedHashMap<>();
        latency.put("exactlyOnceP99", exactlyOnce.p99());
        latency.put("atLeastOnceP99", atLeastOnce.p99());
        latency.put("exactlyOnce", exactlyOnce);
        latency.put("atLeastOnce", atLeastOnce);
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("latencyMillis", latency);
        fields.put("checkpointMillis", checkpointMillis);
        fields.put("recordsPerSecond", rate);
        fields.put("capacity", capacity);
        fields.put("seed", seed);
        return fields;
    }
}
