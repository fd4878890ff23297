package io.winnow.trainer.evaluation;

import io.winnow.core.model.Slices;
import io.winnow.core.model.Slices.Slice;
import io.winnow.trainer.evaluation.Losses.Rival;
import io.winnow.trainer.window.Window;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongFunction;
import java.util.stream.IntStream;

/** Where a model is good and where it is not: its metric by hour of the day and by key, beside the best baseline's. */
final class Slicing {
    private static final long HOUR_MS = 3_600_000;

    private final Losses model;
    private final Losses baseline;
    private final String metric;

    private Slicing(Losses model, Losses baseline, String metric) {
        this.model = model;
        this.baseline = baseline;
        this.metric = metric;
    }

    /**
     * The slices of a holdout.
     *
     * @param rows of the window, which both losses are of
     * @param baselines without the champion
     */
    static Slices of(Window window, int[] rows, Losses model, List<Rival> baselines, String metric) {
        Optional<Rival> best = baselines.stream()
                .min(Comparator.comparingDouble(r -> r.losses().mean()));
        if (best.isEmpty()) {
            return Slices.NONE;
        }
        Slicing slicing = new Slicing(model, best.get().losses(), metric);
        List<Slice> hours = slicing.by(
                IntStream.of(rows)
                        .mapToLong(row -> Math.floorMod(window.eventTime(row), 24 * HOUR_MS) / HOUR_MS)
                        .toArray(),
                hour -> String.format(Locale.ROOT, "%02d", hour));
        List<Slice> keys = slicing.by(
                IntStream.of(rows).mapToLong(window::key).toArray(),
                key -> window.keyName(key).orElseGet(() -> '#' + Long.toHexString(key)));
        return new Slices(
                best.get().name(),
                hours,
                keys.size() < 2
                        ? List.of()
                        : keys.stream()
                                .sorted(Comparator.comparingInt(Slice::rows)
                                        .reversed()
                                        .thenComparing(Slice::name))
                                .limit(Slices.MAX_KEYS)
                                .toList());
    }

    /** One slice for each value, in its order. */
    private List<Slice> by(long[] values, LongFunction<String> name) {
        Map<Long, List<Integer>> parts = new TreeMap<>();
        for (int i = 0; i < values.length; i++) {
            parts.computeIfAbsent(values[i], v -> new ArrayList<>()).add(i);
        }
        List<Slice> slices = new ArrayList<>();
        parts.forEach((value, at) ->
                slices.add(new Slice(name.apply(value), at.size(), metric(model, at), metric(baseline, at))));
        return slices;
    }

    private double metric(Losses losses, List<Integer> at) {
        return new Losses(at.stream().mapToDouble(i -> losses.perRow()[i]).toArray()).in(metric);
    }
}
