package io.winnow.trainer.learn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import io.winnow.trainer.archive.Archives;
import io.winnow.trainer.window.History;
import io.winnow.trainer.window.Window;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Rows as tensors on the module's device: what the network reads and what it should answer. Where there are many, those to
 * learn from are made in parts, again for each pass, so that the memory is bounded whatever the window.
 */
final class Examples implements AutoCloseable {
    /** Inputs to learn from that take more bytes than this are not kept. */
    private static final long KEPT_BYTES = 128 << 20;
    /** Rows of a part: few enough that the allocator keeps their memory for the next one. */
    private static final int PART_ROWS = 1 << 14;
    /** Rows scored at once, so that what a layer makes of them stays in a core's cache. */
    private static final int SCORED = 1024;
    /** Rows that an inspection looks at. */
    private static final int INSPECTED = 256;

    private final NDManager manager;
    private final Recipe recipe;
    private final Inputs inputs;
    private final int[] fit;
    private final @Nullable Part all;
    private final NDArray validationX;
    private final NDArray validationC;
    private final double[] validationY;

    private Examples(NDManager manager, Recipe recipe, Inputs inputs, Rows rows) {
        this.manager = manager;
        this.recipe = recipe;
        this.inputs = inputs;
        this.fit = rows.fit();
        this.all = 4L * fit.length * recipe.spec().inputs() > KEPT_BYTES ? null : part(manager, fit);
        NDList validation = inputs.of(manager, rows.validation());
        this.validationX = validation.get(0);
        this.validationC = validation.get(1);
        this.validationY = inputs.goals(recipe, rows.validation());
    }

    /**
     * Rows of a window.
     *
     * @param fit to learn from
     * @param validation to choose by
     */
    record Rows(Window window, History history, int[] fit, int[] validation) {}

    private record Part(NDArray x, NDArray c, NDArray y) {}

    static Examples load(TorchModule module, Recipe recipe, Rows rows) {
        return new Examples(
                module.manager().newSubManager(),
                recipe,
                new Inputs(module, rows.window(), rows.history(), recipe.spec(), rows.fit(), rows.validation()),
                rows);
    }

    private Part part(NDManager owner, int[] rows) {
        NDList made = inputs.of(owner, rows);
        double[] goals = inputs.goals(recipe, rows);
        NDArray y = recipe.spec().isRegression() ? owner.create(floats(goals)) : owner.create(longs(goals));
        return new Part(made.get(0), made.get(1), y);
    }

    int fitRows() {
        return fit.length;
    }

    /** One pass in this order, a step for each rate; the mean loss. */
    double epoch(TorchModule module, long[] order, double[] rates, int batch) {
        if (all != null) {
            return steps(module, all, order, rates, batch);
        }
        int most = Math.max(1, PART_ROWS / batch);
        double loss = 0;
        for (int from = 0; from < rates.length; from += most) {
            int to = Math.min(rates.length, from + most);
            int[] rows = new int[(to - from) * batch];
            for (int i = 0; i < rows.length; i++) {
                rows[i] = fit[(int) order[from * batch + i]];
            }
            try (NDManager scratch = manager.newSubManager()) {
                long[] inOrder = LongStream.range(0, rows.length).toArray();
                double[] part = Arrays.copyOfRange(rates, from, to);
                loss += steps(module, part(scratch, rows), inOrder, part, batch) * part.length / rates.length;
            }
        }
        return loss;
    }

    private double steps(TorchModule module, Part part, long[] order, double[] rates, int batch) {
        try (NDManager scratch = manager.newSubManager()) {
            NDArray loss = module.learn(
                    scratch,
                    "train_epoch",
                    part.x(),
                    part.c(),
                    part.y(),
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
        int[] chosen = LongStream.range(0, rows)
                .mapToInt(i -> fit[(int) (i * fitRows() / rows)])
                .toArray();
        Map<String, float[]> sections = new LinkedHashMap<>();
        try (NDManager scratch = manager.newSubManager()) {
            Part part = part(scratch, chosen);
            NDArray inOrder = scratch.create(LongStream.range(0, rows).toArray());
            float[] values = module.learn(scratch, "inspect", part.x(), part.c(), part.y(), inOrder)
                    .toFloatArray();
            int at = 0;
            for (Archives.Section section : Archives.inspected(recipe.spec(), rows)) {
                sections.put(section.name(), Arrays.copyOfRange(values, at, at + section.size()));
                at += section.size();
            }
        }
        return sections;
    }

    /** The mean logarithmic loss, or the mean absolute error in the target's unit; infinite where it is no number. */
    double validationLoss(TorchModule module) {
        int outputs = recipe.spec().outputs();
        double loss = 0;
        int n = validationY.length;
        for (int from = 0; from < n; from += SCORED) {
            int to = Math.min(n, from + SCORED);
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

    static float[] floats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    static long[] longs(double[] values) {
        long[] longs = new long[values.length];
        for (int i = 0; i < longs.length; i++) {
            longs[i] = (long) values[i];
        }
        return longs;
    }

    @Override
    public void close() {
        inputs.close();
        manager.close();
    }
}
