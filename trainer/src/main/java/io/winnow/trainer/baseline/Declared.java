package io.winnow.trainer.baseline;

import io.winnow.core.contract.Derive;
import io.winnow.trainer.window.History;
import io.winnow.trainer.window.Window;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A row as one vector of what the contract declares: its numbers (times as hour of day and day of week), the same and the
 * target at each lag, and its categories one-hot. Standardized by the first rows; 0 where missing.
 */
final class Declared {
    /** Values of a category, and classes of the target, that get a place of their own: the first that come. */
    private static final int PLACES = 16;

    private static final double CUT = 8;
    private static final double HOUR_MS = 3_600_000;

    private final int[] times;
    private final List<Integer> lags;
    private final int plain;
    private final int categories;
    private final boolean regression;
    private final List<Map<String, Integer>> places;
    private final int size;
    private double[] mean = new double[0];
    private double[] inverse = new double[0];

    Declared(Window window, Derive derive) {
        int all = window.columns().numbers().size();
        this.times = java.util.stream.IntStream.range(0, all)
                .filter(c -> window.columns().numbers().get(c).time())
                .toArray();
        this.plain = all - times.length;
        this.lags = derive.lags();
        this.categories = window.columns().categories().size();
        this.regression = window.columns().target().isRegression();
        this.places = new java.util.ArrayList<>();
        for (int c = 0; c <= categories; c++) {
            places.add(new LinkedHashMap<>());
        }
        int target = regression ? 1 : PLACES;
        this.size = plain + 2 * times.length + lags.size() * (plain + target) + categories * PLACES;
    }

    int size() {
        return size;
    }

    /** Takes the scale from these vectors; until then they are as they come. */
    void scale(List<double[]> raw) {
        mean = new double[size];
        inverse = new double[size];
        for (int i = 0; i < size; i++) {
            int column = i;
            double[] known = raw.stream()
                    .mapToDouble(v -> v[column])
                    .filter(v -> !Double.isNaN(v))
                    .toArray();
            double m = Arrays.stream(known).average().orElse(0);
            double deviation = Math.sqrt(
                    Arrays.stream(known).map(v -> (v - m) * (v - m)).average().orElse(0));
            mean[i] = m;
            inverse[i] = deviation > 1e-12 ? 1 / deviation : 1;
        }
    }

    double[] scaled(double[] raw) {
        double[] vector = new double[size];
        for (int i = 0; i < size; i++) {
            double z = (raw[i] - mean[i]) * inverse[i];
            vector[i] = Double.isNaN(z) ? 0 : Math.max(-CUT, Math.min(CUT, z));
        }
        return vector;
    }

    /** The row's vector as it comes; NaN where missing. */
    double[] raw(Window window, History history, int row) {
        double[] vector = new double[size];
        int at = numbers(window, row, vector, 0);
        for (int time : times) {
            double hours = window.number(row, time) / HOUR_MS;
            vector[at++] = floorMod(hours, 24);
            vector[at++] = floorMod(Math.floor(hours / 24), 7);
        }
        for (int lag : lags) {
            int before = history.before(row, lag);
            if (before < 0) {
                int end = at + plain + (regression ? 1 : PLACES);
                Arrays.fill(vector, at, end, Double.NaN);
                at = end;
                continue;
            }
            at = numbers(window, before, vector, at);
            double target = window.targetSeenBy(row, before);
            if (regression) {
                vector[at++] = target;
            } else {
                at = oneHot(
                        categories,
                        Double.isNaN(target) ? null : window.classes().get((int) target),
                        vector,
                        at);
            }
        }
        for (int c = 0; c < categories; c++) {
            int id = window.category(row, c);
            at = oneHot(c, id < 0 ? null : window.values(c).get(id), vector, at);
        }
        return vector;
    }

    private int numbers(Window window, int row, double[] vector, int at) {
        int end = at;
        for (int c = 0; c < window.columns().numbers().size(); c++) {
            if (!window.columns().numbers().get(c).time()) {
                vector[end++] = window.number(row, c);
            }
        }
        return end;
    }

    private int oneHot(int which, @org.jspecify.annotations.Nullable String value, double[] vector, int at) {
        if (value != null) {
            Map<String, Integer> known = places.get(which);
            Integer place = known.get(value);
            if (place == null && known.size() < PLACES) {
                place = known.size();
                known.put(value, place);
            }
            if (place != null) {
                vector[at + place] = 1;
            }
        }
        return at + PLACES;
    }

    private static double floorMod(double value, double modulus) {
        return value - Math.floor(value / modulus) * modulus;
    }
}
