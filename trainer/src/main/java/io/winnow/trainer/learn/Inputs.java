package io.winnow.trainer.learn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.winnow.trainer.archive.ModelSpec;
import io.winnow.trainer.window.History;
import io.winnow.trainer.window.Window;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Makes network inputs of any rows of a window. What came before is one table on the module's device with running sums, so
 * that a row costs the same however long its history is. Where labels came later than their rows, what is known of the past
 * hangs on who looks: then each row brings a history of its own, as when a model is asked.
 */
final class Inputs implements AutoCloseable {
    /** Rows at once, so that what is made on the way stays small. */
    private static final int CHUNK = 8192;

    private final TorchModule module;
    private final NDManager manager;
    private final Window window;
    private final History history;
    private final RowFeed feed;
    private final ModelSpec spec;
    private final @Nullable Past past;

    /** The table: all targets in it were known to every later row. */
    private record Past(NDArray table, NDArray sums, NDArray counts, NDArray targets, NDArray latest) {}

    /** Lays the table. */
    Inputs(TorchModule module, Window window, History history, ModelSpec spec) {
        this.module = module;
        this.manager = module.manager().newSubManager();
        this.window = window;
        this.history = history;
        this.spec = spec;
        this.feed = new RowFeed(window, history, spec);
        this.past = window.hasLateLabels() ? null : lay();
    }

    private Past lay() {
        // One row more, of nothing: a table is never empty.
        int[] order = Arrays.copyOf(history.past(), history.past().length + 1);
        order[order.length - 1] = -1;
        NDList parts = new NDList();
        for (int from = 0; from < order.length; from += CHUNK) {
            int to = Math.min(order.length, from + CHUNK);
            try (NDArray rows = manager.create(numbers(order, from, to), new Shape(to - from, spec.width()))) {
                parts.add(module.read(manager, "table_of", rows));
            }
        }
        NDArray table = NDArrays.concat(parts, 0);
        table.attach(manager);
        parts.close();
        NDArray targets = manager.create(Arrays.stream(order)
                .mapToDouble(row -> row < 0 ? Double.NaN : feed.target(row))
                .toArray());
        return new Past(
                table,
                module.read(manager, "sums_of", table),
                module.read(manager, "counts_of", table),
                targets,
                module.read(manager, "latest_of", targets));
    }

    /** {@code float64[to − from, F]} for these rows, flat; a negative one is all missing. */
    private double[] numbers(int[] rows, int from, int to) {
        int f = spec.width();
        double[] numbers = new double[(to - from) * f];
        for (int i = from; i < to; i++) {
            int at = (i - from) * f;
            for (int c = 0; c < f - 1; c++) {
                numbers[at + c] = rows[i] < 0 ? Double.NaN : window.number(rows[i], c);
            }
            numbers[at + f - 1] = rows[i] < 0 ? Double.NaN : feed.target(rows[i]);
        }
        return numbers;
    }

    /**
     * What the network reads for these rows.
     *
     * @param owner of the answer
     * @return {@code x float32[N, D]} and {@code c int64[N, C]}
     */
    NDList of(NDManager owner, int[] rows) {
        NDList parts = new NDList();
        try (NDManager scratch = owner.newSubManager()) {
            int chunk = past == null ? Math.min(CHUNK, feed.chunk()) : CHUNK;
            for (int from = 0; from < rows.length; from += chunk) {
                parts.add(part(scratch, rows, from, Math.min(rows.length, from + chunk)));
            }
            NDArray x = parts.isEmpty() ? owner.zeros(new Shape(0, spec.inputs())) : NDArrays.concat(parts, 0);
            x.attach(owner);
            int width = spec.categories().size();
            long[] ids = new long[rows.length * width];
            for (int i = 0; i < rows.length; i++) {
                for (int j = 0; j < width; j++) {
                    ids[i * width + j] = feed.category(rows[i], j);
                }
            }
            return new NDList(x, owner.create(ids, new Shape(rows.length, width)));
        }
    }

    private NDArray part(NDManager scratch, int[] rows, int from, int to) {
        if (past == null) {
            Shape each = new Shape(to - from, spec.history(), spec.width());
            return module.read(scratch, "prepare", scratch.create(feed.numbers(rows, from, to), each));
        }
        long[] place = new long[to - from];
        long[] start = new long[to - from];
        for (int i = from; i < to; i++) {
            place[i - from] = history.place(rows[i]);
            start[i - from] = history.start(rows[i]);
        }
        return module.read(
                scratch,
                "prepare_window",
                scratch.create(numbers(rows, from, to), new Shape(to - from, spec.width())),
                past.table(),
                past.sums(),
                past.counts(),
                past.targets(),
                past.latest(),
                scratch.create(place),
                scratch.create(start));
    }

    /**
     * What the network should answer for these rows: for regression in units of the scaling's step, else the class.
     */
    double[] goals(Recipe recipe, int[] rows) {
        double[] goals = new double[rows.length];
        for (int i = 0; i < goals.length; i++) {
            double target = feed.target(rows[i]);
            goals[i] = spec.isRegression()
                    ? (target - base(recipe, window, history, rows[i]))
                            / recipe.scaling().step()
                    : target;
        }
        return goals;
    }

    /** What a regression's answer is added to, by the same rule as in the archive: only H rows are looked at. */
    static double base(Recipe recipe, Window window, History history, int row) {
        double center = recipe.scaling().center();
        if (!recipe.spec().change()) {
            return center;
        }
        for (int lag = 1; lag < recipe.spec().history(); lag++) {
            int before = history.before(row, lag);
            double target = before < 0 ? Double.NaN : window.targetSeenBy(row, before);
            if (!Double.isNaN(target)) {
                return target;
            }
        }
        return center;
    }

    @Override
    public void close() {
        manager.close();
    }
}
