package io.winnow.faults.health;

import io.winnow.faults.health.Trend.Sample;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What was measured in a run, and what it comes to. */
public final class Health {
    private final Map<Measure, Map<String, List<Sample>>> samples = new EnumMap<>(Measure.class);

    /** One more sample of something, a process or a directory, at a second of the run; what is no number is left out. */
    public void add(Measure measure, String whose, double second, double value) {
        if (!Double.isNaN(value)) {
            samples.computeIfAbsent(measure, m -> new LinkedHashMap<>())
                    .computeIfAbsent(whose, w -> new ArrayList<>())
                    .add(new Sample(second, value));
        }
    }

    /** A line for each thing that is not flat over a run of so many seconds. */
    public List<String> problems(double seconds) {
        List<String> problems = new ArrayList<>();
        samples.forEach((measure, all) -> all.forEach((whose, of) -> Trend.of(of, seconds)
                .filter(trend -> !measure.isFlat(trend.middle(), trend.last()))
                .ifPresent(trend -> problems.add(String.format(
                        Locale.ROOT,
                        "%s is not flat: %s %s, more than %s above",
                        whose,
                        measure.label(),
                        told(trend),
                        measure.tolerance())))));
        return problems;
    }

    /** All of it in a line: the medians of the middle and the last third. */
    public String describe(double seconds) {
        List<String> parts = new ArrayList<>();
        samples.forEach((measure, all) -> {
            List<String> each = new ArrayList<>();
            all.forEach((whose, of) -> {
                Optional<Trend> trend = Trend.of(of, seconds);
                each.add(whose + " " + trend.map(Health::told).orElse("too few samples"));
            });
            parts.add(measure.label() + ": " + String.join(", ", each));
        });
        return String.join("; ", parts);
    }

    private static String told(Trend trend) {
        return String.format(Locale.ROOT, "%.4g → %.4g", trend.middle(), trend.last());
    }
}
