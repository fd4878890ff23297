package io.winnow.trainer.archive;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.winnow.trainer.learn.Devices;
import io.winnow.trainer.learn.TorchModule;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/** A training archive that is open, with rows to learn from. */
final class Training implements AutoCloseable {
    static final int ROWS = 96;

    final ModelSpec spec;
    private final int rows;
    final float[] x;
    final long[] c;
    final double[] y;
    private final TorchModule module;
    private final NDManager manager;
    /** The same rows in PyTorch's memory, as in a training of many epochs. */
    private final NDArray inputs;

    private final NDArray categories;
    private final NDArray goals;

    private Training(ModelSpec spec, TorchModule module, long seed, int rows) {
        this.spec = spec;
        this.rows = rows;
        this.module = module;
        this.manager = module.manager().newSubManager();
        Random random = new Random(seed);
        this.x = floats(random, rows * spec.inputs());
        this.c = random.longs((long) rows * spec.categories().size(), -1, 4).toArray();
        this.y = new double[rows];
        for (int i = 0; i < rows; i++) {
            y[i] = spec.isRegression()
                    ? x[i * spec.inputs()] + 2 * random.nextGaussian()
                    : random.nextInt(spec.outputs());
        }
        this.inputs = manager.create(x, new Shape(rows, spec.inputs()));
        this.categories = manager.create(c, new Shape(rows, spec.categories().size()));
        this.goals = goals();
    }

    static Training open(Path folder, ModelSpec spec, TrainingSpec training, long seed) throws IOException {
        return open(folder, spec, training, seed, ROWS);
    }

    static Training open(Path folder, ModelSpec spec, TrainingSpec training, long seed, int rows) throws IOException {
        Path file = Files.createTempFile(folder, "training", ".pt");
        double[] ones = new double[spec.plainColumns()];
        java.util.Arrays.fill(ones, 1);
        try (OutputStream out = Files.newOutputStream(file)) {
            Archives.training(spec, new Scaling(new double[ones.length], ones, 0, 1, 1), training, seed)
                    .write(out);
        }
        return new Training(spec, TorchModule.load(file, Devices.chosen(), true), seed, rows);
    }

    /** The mean loss of a step for each rate, over batches in order. */
    float learn(int batch, double... rates) {
        try (NDManager scratch = manager.newSubManager()) {
            long[] order = java.util.stream.LongStream.range(0, (long) batch * rates.length)
                    .map(i -> i % rows)
                    .toArray();
            return module.learn(
                            scratch,
                            "train_epoch",
                            inputs,
                            categories,
                            goals,
                            scratch.create(order),
                            scratch.create(rates),
                            scratch.create(new long[] {batch}))
                    .toFloatArray()[0];
        }
    }

    /** The mean absolute error or logarithmic loss over all rows, in evaluation mode. */
    double loss() {
        int outputs = spec.outputs();
        float[] raw;
        try (NDManager scratch = manager.newSubManager()) {
            raw = module.read(scratch, "score", inputs, categories).toFloatArray();
        }
        double loss = 0;
        for (int i = 0; i < rows; i++) {
            if (spec.isRegression()) {
                loss += Math.abs(raw[i] - y[i]);
            } else {
                double sum = 0;
                for (int k = 0; k < outputs; k++) {
                    sum += Math.exp(raw[i * outputs + k]);
                }
                loss += Math.log(sum) - raw[i * outputs + (int) y[i]];
            }
        }
        return loss / rows;
    }

    private NDArray goals() {
        if (!spec.isRegression()) {
            return manager.create(
                    java.util.Arrays.stream(y).mapToLong(v -> (long) v).toArray());
        }
        float[] floats = new float[rows];
        for (int i = 0; i < rows; i++) {
            floats[i] = (float) y[i];
        }
        return manager.create(floats);
    }

    float[] state() {
        try (NDManager scratch = manager.newSubManager()) {
            return module.read(scratch, "state").toFloatArray();
        }
    }

    void restore(float[] state) {
        try (NDManager scratch = manager.newSubManager()) {
            module.learn(scratch, "restore", scratch.create(state));
        }
    }

    static float[] floats(Random random, int count) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    @Override
    public void close() {
        manager.close();
        module.close();
    }
}
