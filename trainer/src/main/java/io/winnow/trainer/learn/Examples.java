package io.winnow.trainer.learn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import io.winnow.trainer.archive.Archives;
import io.winnow.trainer.archive.ModelSpec;
import io.winnow.trainer.window.History;
import io.winnow.trainer.window.Window;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.LongStream;

/** Rows as tensors on the module's device: what the network reads and what it should answer. */
final class Examples implements AutoCloseable {
    /** Rows that an inspection looks at. */
    private static final int INSPECTED = 256;

    private final NDManager manager;
    private final Recipe recipe;
    private final NDArray x;
    private final NDArray c;
    private final NDArray y;
    private final NDArray validationX;
    private final NDArray validationC;
    private final double[] validationY;

    private Examples(NDManager manager, Recipe recipe, NDList fit, NDArray y, NDList validation, double[] validationY) {
        this.manager = manager;
        this.recipe = recipe;
        this.x = fit.get(0);
        this.c = fit.get(1);
        this.y = y;
        this.validationX = validation.get(0);
        this.validationC = validation.get(1);
        this.validationY = validationY;
    }

    /**
     * Rows of a window.
     *
     * @param fit to learn from
     * @param validation to choose by
     */
    record Rows(Window window, History history, int[] fit, int[] validation) {}

    static Examples load(TorchModule module, Recipe recipe, Rows rows) {
        NDManager manager = module.manager().newSubManager();
        RowFeed feed = new RowFeed(rows.window(), rows.history(), recipe.spec());
        double[] goals = goals(rows, feed, recipe, rows.fit());
        return new Examples(
                manager,
                recipe,
                inputs(module, manager, feed, recipe.spec(), rows.fit()),
                recipe.spec().isRegression() ? manager.create(floats(goals)) : manager.create(longs(goals)),
                inputs(module, manager, feed, recipe.spec(), rows.validation()),
                goals(rows, feed, recipe, rows.validation()));
    }

    private static NDList inputs(TorchModule module, NDManager manager, RowFeed feed, ModelSpec spec, int[] rows) {
        NDList parts = new NDList();
        try (NDManager scratch = manager.newSubManager()) {
            for (int from = 0; from < rows.length; from += feed.chunk()) {
                int to = Math.min(rows.length, from + feed.chunk());
                try (NDArray numbers = scratch.create(
                        feed.numbers(rows, from, to), new Shape(to - from, spec.history(), spec.width()))) {
                    parts.add(module.read(scratch, "prepare", numbers));
                }
            }
            NDArray x = parts.isEmpty() ? manager.zeros(new Shape(0, spec.inputs())) : NDArrays.concat(parts, 0);
            x.attach(manager);
            int width = spec.categories().size();
            long[] ids = new long[rows.length * width];
            for (int i = 0; i < rows.length; i++) {
                for (int j = 0; j < width; j++) {
                    ids[i * width + j] = feed.category(rows[i], j);
                }
            }
            return new NDList(x, manager.create(ids, new Shape(rows.length, width)));
        }
    }

    /** What the network should answer: for regression in units of the scaling's step. */
    private static double[] goals(Rows rows, RowFeed feed, Recipe recipe, int[] chosen) {
        double[] goals = new double[chosen.length];
        for (int i = 0; i < goals.length; i++) {
            double target = feed.target(chosen[i]);
            goals[i] = recipe.spec().isRegression()
                    ? (target - base(rows, recipe, chosen[i]))
                            / recipe.scaling().step()
                    : target;
        }
        return goals;
    }

    /** What a regression's answer is added to, by the same rule as in the archive: only H rows are looked at. */
    private static double base(Rows rows, Recipe recipe, int row) {
        double center = recipe.scaling().center();
        if (!recipe.spec().change()) {
            return center;
        }
        for (int lag = 1; lag < recipe.spec().history(); lag++) {
            int before = rows.history().before(row, lag);
            if (before >= 0 && !Double.isNaN(rows.window().target(before))) {
                return rows.window().target(before);
            }
        }
        return center;
    }

    int fitRows() {
        return (int) x.getShape().get(0);
    }

    /** One pass in this order; the mean loss. */
    double epoch(TorchModule module, long[] order, double[] rates, int batch) {
        try (NDManager scratch = manager.newSubManager()) {
            NDArray loss = module.learn(
                    scratch,
                    "train_epoch",
                    x,
                    c,
                    y,
                    scratch.create(order),
                    scratch.create(rates),
                    scratch.create(new long[] {batch}));
            return loss.toFloatArray()[0];
        }
    }

    /**
     * What goes on in the network for rows spread over those to learn from: values by the names of {@link
     * Archives#inspected}. In evaluation mode, so that no statistic and no random number moves.
     */
    Map<String, float[]> inspect(TorchModule module) {
        int rows = Math.min(INSPECTED, fitRows());
        long[] chosen = LongStream.range(0, rows).map(i -> i * fitRows() / rows).toArray();
        Map<String, float[]> values = new LinkedHashMap<>();
        try (NDManager scratch = manager.newSubManager()) {
            float[] all = module.learn(scratch, "inspect", x, c, y, scratch.create(chosen))
                    .toFloatArray();
            int at = 0;
            for (Archives.Section section : Archives.inspected(recipe.spec(), rows)) {
                values.put(section.name(), Arrays.copyOfRange(all, at, at + section.size()));
                at += section.size();
            }
        }
        return values;
    }

    /** The mean logarithmic loss, or the mean absolute error in the target's unit; infinite where it is no number. */
    double validationLoss(TorchModule module) {
        int outputs = recipe.spec().outputs();
        double loss = 0;
        int n = validationY.length;
        int chunk = 8192;
        for (int from = 0; from < n; from += chunk) {
            int to = Math.min(n, from + chunk);
            try (NDManager scratch = manager.newSubManager()) {
                NDArray part = module.read(
                        scratch, "score", rows(scratch, validationX, from, to), rows(scratch, validationC, from, to));
                float[] raw = part.toFloatArray();
                for (int i = from; i < to; i++) {
                    loss += loss(raw, (i - from) * outputs, validationY[i]);
                }
            }
        }
        return Double.isFinite(loss) ? loss / n : Double.POSITIVE_INFINITY;
    }

    private static NDArray rows(NDManager scratch, NDArray array, int from, int to) {
        NDArray part = array.get(new NDIndex("{}:{}", from, to));
        part.attach(scratch);
        return part;
    }

    private double loss(float[] raw, int at, double goal) {
        if (recipe.spec().isRegression()) {
            return Math.abs(raw[at] - goal) * recipe.scaling().step();
        }
        // The mean of logarithmic loss: far less noisy than accuracy, so better to choose by.
        double max = raw[at];
        for (int k = 1; k < recipe.spec().outputs(); k++) {
            max = Math.max(max, raw[at + k]);
        }
        double sum = 0;
        for (int k = 0; k < recipe.spec().outputs(); k++) {
            sum += Math.exp(raw[at + k] - max);
        }
        return Math.log(sum) + max - raw[at + (int) goal];
    }

    private static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    private static long[] longs(double[] values) {
        long[] longs = new long[values.length];
        for (int i = 0; i < longs.length; i++) {
            longs[i] = (long) values[i];
        }
        return longs;
    }

    @Override
    public void close() {
        manager.close();
    }
}
