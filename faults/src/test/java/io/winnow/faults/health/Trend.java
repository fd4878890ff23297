package io.winnow.faults.health;

import java.util.List;
import java.util.Optional;

/**
 * A measure over a run: medians of its middle and its last third. The first third is for warming up, and medians do not
 * mind a process that has just started again.
 *
 * @param middle median of the samples in the middle third
 * @param last median of those in the last third
 */
public record Trend(double middle, double last) {
    private static final int LEAST = 3;

    /**
     * A value at a moment.
     *
     * @param second of the run
     */
    public record Sample(double second, double value) {}

    /** The trend over a run of so many seconds; empty where a third has fewer than {@value #LEAST} samples. */
    public static Optional<Trend> of(List<Sample> samples, double seconds) {
        double[] middle = between(samples, seconds / 3, 2 * seconds / 3);
        double[] last = between(samples, 2 * seconds / 3, Double.POSITIVE_INFINITY);
        return middle.length < LEAST || last.length < LEAST
                ? Optional.empty()
                : Optional.of(new Trend(median(middle), median(last)));
    }

    private static double[] between(List<Sample> samples, double from, double to) {
        return samples.stream()
                .filter(s -> s.second() >= from && s.second() < to)
                .mapToDouble(Sample::value)
                .sorted()
                .toArray();
    }

    private static double median(double[] sorted) {
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }
}
