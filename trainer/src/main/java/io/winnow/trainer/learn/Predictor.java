package io.winnow.trainer.learn;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.winnow.trainer.archive.ModelSpec;
import io.winnow.trainer.window.History;
import io.winnow.trainer.window.Window;
import java.io.IOException;
import java.nio.file.Path;

/** Answers of a published archive: exactly what its users will get. */
public final class Predictor {
    private Predictor() {}

    /**
     * What the model in this file answers for these rows.
     *
     * @param file the published {@code model.pt}
     * @param spec what it reads
     * @param rows row numbers in the window
     * @return for regression the numbers; for classification the most likely class's position in {@code spec.classes()}
     * @throws IOException if the file is no archive that answers
     */
    public static double[] predict(Path file, ModelSpec spec, Window window, History history, int[] rows)
            throws IOException {
        double[] answers = new double[rows.length];
        RowFeed feed = new RowFeed(window, history, spec);
        Device device = Devices.chosen();
        try (TorchModule module = TorchModule.load(file, device, false)) {
            for (int from = 0; from < rows.length; from += feed.chunk()) {
                int to = Math.min(rows.length, from + feed.chunk());
                try (NDManager manager = module.manager().newSubManager()) {
                    NDArray numbers = manager.create(
                            feed.numbers(rows, from, to), new Shape(to - from, spec.history(), spec.width()));
                    NDArray categories = manager.create(
                            feed.categories(rows, from, to),
                            new Shape(
                                    to - from, spec.history(), spec.categories().size()));
                    float[] raw =
                            module.read(manager, "forward", numbers, categories).toFloatArray();
                    for (int i = from; i < to; i++) {
                        answers[i] = answer(raw, (i - from) * spec.outputs(), spec);
                    }
                }
            }
            return answers;
        } catch (ai.djl.engine.EngineException e) {
            throw new IOException("the archive " + file.getFileName() + " does not answer", e);
        }
    }

    private static double answer(float[] raw, int at, ModelSpec spec) {
        if (spec.isRegression()) {
            return raw[at];
        }
        int best = 0;
        for (int k = 1; k < spec.outputs(); k++) {
            best = raw[at + k] > raw[at + best] ? k : best;
        }
        return best;
    }
}
