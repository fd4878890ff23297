package io.winnow.trainer.learn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.winnow.trainer.archive.ModelSpec;
import io.winnow.trainer.window.History;
import io.winnow.trainer.window.Window;
import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Makes network inputs of any rows of a window. What came before lies as running sums on the module's device, so that a row
 * costs the same however long its history is. Where labels came later than their rows, what is known of the past
 * hangs on who looks: then each row brings a history of its own, as when a model is asked.
 */
final class Inputs implements AutoCloseable {
    /** Rows at once, so that what is made on the way stays in a core's cache. */
    private static final int CHUNK = 1024;

    private final TorchModule module;
    private final NDManager manager;
    private final Window window;
    private final History history;
    private final RowFeed feed;
    private final ModelSpec spec;
    private final @Nullable Past past;

    /**
     * What came before: all targets in it were known to every later row.
     *
     * @param sums {@code float64[P + 1, W]}: of the first rows, none to all P, 0 for what is missing
     * @param counts {@code float32[P + 1, W]}: how many of these are not missing; exact, for there are few million rows
     * @param places in {@link History#past} that are here, ascending
     */
    private record Past(NDArray sums, NDArray counts, NDArray targets, NDArray latest, int[] places) {
        /** How many of the places here come before that one. */
        int before(int place) {
            int at = Arrays.binarySearch(places, place);
            return at < 0 ? -1 - at : at;
        }
    }

    /**
     * Lays out what came before these rows.
     *
     * @param rows whose inputs will be asked for
     */
    Inputs(TorchModule module, Window window, History history, ModelSpec spec, int[]... rows) {
        this.module = module;
        this.manager = module.manager().newSubManager();
        this.window = window;
        this.history = history;
        this.spec = spec;
        this.feed = new RowFeed(window, history, spec);
        this.past = window.hasLateLabels() ? null : lay(rows);
    }

    private Past lay(int[][] asked) {
        int[] places = seen(asked).stream().toArray();
        // One row more, of nothing: there is always one to look at.
        int[] order = IntStream.concat(Arrays.stream(places).map(history::past), IntStream.of(-1))
                .toArray();
        Shape each = new Shape(order.length + 1, spec.pastWidth());
        NDArray sums = manager.zeros(each, DataType.FLOAT64);
        NDArray counts = manager.zeros(each, DataType.FLOAT32);
        for (int from = 0; from < order.length; from += CHUNK) {
            int to = Math.min(order.length, from + CHUNK);
            try (NDManager scratch = manager.newSubManager()) {
                NDArray rows = scratch.create(numbers(order, from, to), new Shape(to - from, spec.width()));
                module.read(scratch, "lay", sums, counts, scratch.create((long) from), rows);
            }
        }
        try (NDManager scratch = manager.newSubManager()) {
            module.read(scratch, "run_up", sums);
            module.read(scratch, "run_up", counts);
        }
        NDArray targets = manager.create(Arrays.stream(order)
                .mapToDouble(row -> row < 0 ? Double.NaN : feed.target(row))
                .toArray());
        return new Past(sums, counts, targets, module.read(manager, "latest_of", targets), places);
    }

    /** The places in the past that these rows look back to. */
    private BitSet seen(int[][] asked) {
        BitSet seen = new BitSet();
        int depth = spec.history() - 1;
        for (int[] rows : asked) {
            for (int row : rows) {
                int place = history.place(row);
                seen.set(Math.max(history.start(row), place - depth), place);
            }
        }
        return seen;
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
        NDArray x = owner.create(new Shape(rows.length, spec.inputs()), DataType.FLOAT32);
        int chunk = past == null ? feed.chunk() : CHUNK;
        for (int from = 0; from < rows.length; from += chunk) {
            int to = Math.min(rows.length, from + chunk);
            try (NDManager scratch = owner.newSubManager()) {
                module.read(scratch, "put", x, scratch.create((long) from), part(scratch, rows, from, to));
            }
        }
        int width = spec.categories().size();
        long[] ids = new long[rows.length * width];
        for (int i = 0; i < rows.length; i++) {
            for (int j = 0; j < width; j++) {
                ids[i * width + j] = feed.category(rows[i], j);
            }
        }
        return new NDList(x, owner.create(ids, new Shape(rows.length, width)));
    }

    private NDArray part(NDManager scratch, int[] rows, int from, int to) {
        if (past == null) {
            Shape each = new Shape(to - from, spec.history(), spec.width());
            return module.read(scratch, "prepare", scratch.create(feed.numbers(rows, from, to), each));
        }
        long[] place = new long[to - from];
        long[] start = new long[to - from];
        for (int i = from; i < to; i++) {
            place[i - from] = past.before(history.place(rows[i]));
            start[i - from] = past.before(history.start(rows[i]));
        }
        return module.read(
                scratch,
                "prepare_window",
                scratch.create(numbers(rows, from, to), new Shape(to - from, spec.width())),
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
