package io.winnow.app.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a trainer took.
 *
 * @param plan what was measured
 * @param published seconds from the start of its process until it had read the window and published its first model
 * @param cpu seconds of CPU that its process took for that; null where the system does not say
 * @param trainings seconds of each training, the first one first: from the cut of the window to the outcome
 * @param residentMiB memory of the process after each training; empty where the system does not say
 * @param peakMiB the most that it ever had; null where the system does not say
 */
public record TrainingReport(
        TrainingPlan plan,
        double published,
        @Nullable Double cpu,
        List<Double> trainings,
        List<Double> residentMiB,
        @Nullable Double peakMiB) {
    public TrainingReport {
        trainings = List.copyOf(trainings);
        residentMiB = List.copyOf(residentMiB);
    }

    /**
     * By how much the memory grew: the median of the last fifth of the trainings over that of the second fifth, while the
     * first one warms up; null for fewer than ten.
     */
    public @Nullable Double growth() {
        int fifth = residentMiB.size() / 5;
        return fifth < 2
                ? null
                : median(residentMiB.subList(residentMiB.size() - fifth, residentMiB.size()))
                        / median(residentMiB.subList(fifth, 2 * fifth));
    }

    /** Seconds of a training, the median. */
    public double training() {
        return median(trainings);
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return (sorted.get((sorted.size() - 1) / 2) + sorted.get(sorted.size() / 2)) / 2;
    }

    /** The report's fields. */
    public Map<String, Object> fields() {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("rows", plan.rows());
        fields.put("memoryMiB", plan.memoryMiB());
        fields.put("publishedSeconds", published);
        fields.put("publishedCpuSeconds", cpu);
        fields.put("trainingSeconds", training());
        fields.put("trainings", trainings);
        fields.put("peakMiB", peakMiB);
        fields.put("residentMiB", residentMiB);
        fields.put("growth", growth());
        fields.put("seed", plan.seed());
        return fields;
    }
}
