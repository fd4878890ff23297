package io.winnow.trainer.live;

import io.winnow.trainer.evaluation.Contender;
import io.winnow.trainer.evaluation.Losses;
import io.winnow.trainer.evaluation.Rivals;
import io.winnow.trainer.window.Window;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What each of the newest rows cost each contender when it was asked before the row was learned: the absolute error, or 1
 * for a wrong class and 0 for the right one.
 */
public final class Scoreboard implements Rivals {
    /** More than a holdout has. */
    private static final int KEPT = 50_000;

    private final Map<Contender, double[]> losses = new EnumMap<>(Contender.class);
    private final Map<Place, Integer> slots = new HashMap<>();
    private final Place[] places = new Place[KEPT];
    private int next;

    /** Notes what a row cost; not a number for a contender that gave no answer. */
    void note(Window window, int row, Map<Contender, Double> costs) {
        int slot = next;
        next = (next + 1) % KEPT;
        if (places[slot] != null) {
            slots.remove(places[slot], slot);
        }
        places[slot] = Place.of(window, row);
        slots.put(places[slot], slot);
        for (Contender contender : Contender.values()) {
            losses.computeIfAbsent(contender, c -> unknown())[slot] = costs.getOrDefault(contender, Double.NaN);
        }
    }

    /** Notes what rows cost a contender that was not asked when they were new; where it was, that stands. */
    void fill(Contender contender, Window window, int[] rows, Losses costs) {
        double[] all = losses.computeIfAbsent(contender, c -> unknown());
        for (int i = 0; i < rows.length; i++) {
            Integer slot = slots.get(Place.of(window, rows[i]));
            if (slot != null && Double.isNaN(all[slot])) {
                all[slot] = costs.perRow()[i];
            }
        }
    }

    /** Forgets what a contender paid. */
    void clear(Contender contender) {
        losses.remove(contender);
    }

    /** What each of these paid for the rows, in the order they came, that all of them were asked about; empty where there are none. */
    Map<Contender, Losses> common(Set<Contender> contenders) {
        Map<Contender, double[]> all = new EnumMap<>(losses);
        all.keySet().retainAll(contenders);
        if (all.size() < contenders.size()) {
            return new EnumMap<>(Contender.class);
        }
        int[] rows = IntStream.range(0, KEPT)
                .map(i -> (next + i) % KEPT)
                .filter(slot -> all.values().stream().noneMatch(paid -> Double.isNaN(paid[slot])))
                .toArray();
        Map<Contender, Losses> common = new EnumMap<>(Contender.class);
        if (rows.length > 0) {
            all.forEach((c, paid) -> common.put(
                    c,
                    new Losses(
                            Arrays.stream(rows).mapToDouble(slot -> paid[slot]).toArray())));
        }
        return common;
    }

    private static double[] unknown() {
        double[] none = new double[KEPT];
        Arrays.fill(none, Double.NaN);
        return none;
    }

    @Override
    public int[] asked(Window window, int[] rows) {
        return Arrays.stream(rows)
                .filter(row -> slots.containsKey(Place.of(window, row)))
                .toArray();
    }

    @Override
    public Optional<Losses> of(Contender contender, Window window, int[] rows) {
        double[] all = losses.getOrDefault(contender, new double[0]);
        double[] chosen = new double[rows.length];
        for (int i = 0; i < rows.length; i++) {
            Integer slot = slots.get(Place.of(window, rows[i]));
            if (slot == null || all.length == 0 || Double.isNaN(all[slot])) {
                return Optional.empty();
            }
            chosen[i] = all[slot];
        }
        return rows.length == 0 ? Optional.empty() : Optional.of(new Losses(chosen));
    }
}
