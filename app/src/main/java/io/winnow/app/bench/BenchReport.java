package io.winnow.app.bench;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * What was measured.
 *
 * @param records in each run
 * @param bytes of a record's value, on average
 * @param parallelism subtasks of the jobs, and threads of the plain copy
 * @param seed of the values
 * @param rounds the runs, round by round
 * @param kernel the hygiene of one record without Kafka and Flink
 */
public record BenchReport(
        long records, double bytes, int parallelism, long seed, List<Round> rounds, KernelNanos kernel) {

    public BenchReport {
        rounds = List.copyOf(rounds);
        if (rounds.isEmpty()) {
            throw new IllegalArgumentException("nothing was measured");
        }
    }

    /**
     * One run of each, in records a second.
     *
     * @param plainCopyOneThread consumer to producer, one thread
     * @param plainCopy consumer to producer, as many threads as the jobs have subtasks
     * @param identityJob Flink, exactly once, records passed on
     * @param hygieneJob Flink, exactly once, records judged
     */
    public record Round(double plainCopyOneThread, double plainCopy, double identityJob, double hygieneJob) {}

    /**
     * CPU nanoseconds a record, one thread.
     *
     * @param decode bytes to a row
     * @param score a row to bits
     * @param learn what the row adds to the summary
     */
    public record KernelNanos(double decode, double score, double learn) {}

    /** The median over the rounds. */
    public double median(ToDoubleFunction<Round> figure) {
        List<Double> sorted = rounds.stream()
                .map(figure::applyAsDouble)
                .sorted(Comparator.naturalOrder())
                .toList();
        int half = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }

    /** Median of the hygiene job over the median of the plain copy. */
    public double hygieneOverPlainCopy() {
        return median(Round::hygieneJob) / median(Round::plainCopy);
    }

    /** Median of the hygiene job over the median of the identity job. */
    public double hygieneOverIdentity() {
        return median(Round::hygieneJob) / median(Round::identityJob);
    }

    /** The report's fields. */
    public Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("plainCopy", median(Round::plainCopy));
        fields.put("identityJob", median(Round::identityJob));
        fields.put("hygieneJob", median(Round::hygieneJob));
        fields.put("hygieneOverPlainCopy", hygieneOverPlainCopy());
        fields.put("hygieneOverIdentity", hygieneOverIdentity());
        fields.put("kernelNanos", kernel);
        fields.put("plainCopyOneThread", median(Round::plainCopyOneThread));
        fields.put("records", records);
        fields.put("bytesPerValue", bytes);
        fields.put("parallelism", parallelism);
        fields.put("seed", seed);
        fields.put("rounds", rounds);
        return fields;
    }
}
