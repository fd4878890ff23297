package io.winnow.trainer.learn;

import io.winnow.trainer.archive.ModelSpec;
import io.winnow.trainer.window.History;
import io.winnow.trainer.window.Window;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Hands a window's rows to a model in the layout that {@link ModelSpec} describes. */
public final class RowFeed {
    private final Window window;
    private final History history;
    private final ModelSpec spec;
    /** For each category column, from the window's ids to the model's. */
    private final int[][] ids;
    /** From the window's class ids to the model's; −1 for a class that the model does not know. */
    private final int[] classes;

    /** A feed for a model whose columns are the window's. */
    public RowFeed(Window window, History history, ModelSpec spec) {
        this.window = window;
        this.history = history;
        this.spec = spec;
        this.ids = new int[spec.categories().size()][];
        for (int c = 0; c < ids.length; c++) {
            ids[c] = translation(window.values(c), spec.categories().get(c).values());
        }
        this.classes = spec.isRegression() ? new int[0] : translation(window.classes(), spec.classes());
    }

    private static int[] translation(List<String> from, List<String> to) {
        Map<String, Integer> places = new HashMap<>();
        for (int i = 0; i < to.size(); i++) {
            places.put(to.get(i), i);
        }
        return from.stream().mapToInt(value -> places.getOrDefault(value, -1)).toArray();
    }

    /** Rows to hand over at once, so that a batch with its history, and what is made of it, stays in a core's cache. */
    public int chunk() {
        return Math.max(1, (2 << 20) / (8 * spec.history() * spec.width()));
    }

    /** {@code float64[to − from, H, F]} for these rows, flat. */
    public double[] numbers(int[] rows, int from, int to) {
        int h = spec.history();
        int f = spec.width();
        double[] numbers = new double[(to - from) * h * f];
        Arrays.fill(numbers, Double.NaN);
        for (int r = from; r < to; r++) {
            for (int lag = 0; lag < h; lag++) {
                int row = lag == 0 ? rows[r] : history.before(rows[r], lag);
                if (row < 0) {
                    break;
                }
                int at = ((r - from) * h + h - 1 - lag) * f;
                for (int c = 0; c < f - 1; c++) {
                    numbers[at + c] = window.number(row, c);
                }
                if (lag > 0) {
                    numbers[at + f - 1] = own(window.targetSeenBy(rows[r], row));
                }
            }
        }
        return numbers;
    }

    /** {@code int64[to − from, H, C]} for these rows, flat. */
    public long[] categories(int[] rows, int from, int to) {
        int h = spec.history();
        int c = ids.length;
        long[] categories = new long[(to - from) * h * c];
        Arrays.fill(categories, -1);
        for (int r = from; r < to; r++) {
            for (int lag = 0; lag < h; lag++) {
                int row = lag == 0 ? rows[r] : history.before(rows[r], lag);
                if (row < 0) {
                    break;
                }
                for (int i = 0; i < c; i++) {
                    categories[((r - from) * h + h - 1 - lag) * c + i] = category(row, i);
                }
            }
        }
        return categories;
    }

    /** A row's id in a category column, as the model counts; −1 where missing or unknown. */
    long category(int row, int column) {
        int id = window.category(row, column);
        return id < 0 ? -1 : ids[column][id];
    }

    /** A row's target as the model counts: the number, or the class's position; NaN where missing or unknown. */
    public double target(int row) {
        return own(window.target(row));
    }

    private double own(double target) {
        if (spec.isRegression() || Double.isNaN(target)) {
            return target;
        }
        int id = classes[(int) target];
        return id < 0 ? Double.NaN : id;
    }
}
