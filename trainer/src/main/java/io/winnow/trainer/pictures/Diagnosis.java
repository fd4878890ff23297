package io.winnow.trainer.pictures;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.winnow.trainer.archive.ModelSpec;
import io.winnow.trainer.archive.Probe;
import io.winnow.trainer.archive.TorchArchive;
import io.winnow.trainer.learn.Devices;
import io.winnow.trainer.learn.Learner.Learned;
import io.winnow.trainer.learn.RowFeed;
import io.winnow.trainer.learn.TorchModule;
import io.winnow.trainer.window.History;
import io.winnow.trainer.window.Window;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Computes a model's figures from rows that it never learned from. Bounded: at most 2,000 rows, and 400 for each input.
 */
public final class Diagnosis {
    private static final int SHOWN = 2_000;
    private static final int SHUFFLED = 400;

    private final Learned learned;
    private final Window window;
    private final ModelSpec spec;
    private final RowFeed feed;

    private Diagnosis(Learned learned, Window window, History history) {
        this.learned = learned;
        this.window = window;
        this.spec = learned.recipe().spec();
        this.feed = new RowFeed(window, history, spec);
    }

    /**
     * The figures.
     *
     * @param holdout rows of the window, in order of time
     * @param scratch an existing directory for files that live as long as the call
     * @param seed of the shuffles
     * @throws IOException if the scratch directory cannot be written
     */
    public static Figures of(Learned learned, Window window, History history, int[] holdout, Path scratch, long seed)
            throws IOException {
        return new Diagnosis(learned, window, history).figures(holdout, scratch, seed);
    }

    private Figures figures(int[] holdout, Path scratch, long seed) throws IOException {
        int[] known =
                IntStream.of(holdout).filter(r -> !Double.isNaN(feed.target(r))).toArray();
        int[] rows = spread(known, SHOWN);
        int[] few = spread(known, SHUFFLED);
        double[] answers;
        List<Figures.Input> inputs;
        try (Opened model = open(learned.archive(), scratch)) {
            answers = answers(model.module(), rows);
            inputs = inputs(model.module(), few, new SplittableRandom(seed));
        }
        float[] activations = new float[0];
        if (spec.shape().blocks() > 0) {
            TorchArchive probe = Probe.lastLayer(spec, learned.recipe().scaling(), learned.state());
            try (Opened model = open(probe, scratch)) {
                activations = raw(model.module(), Batch.of(feed, few, 0, few.length));
            }
        }
        return new Figures(
                window.columns().target().name(),
                spec.classes(),
                learned.curve(),
                IntStream.of(rows).mapToLong(window::eventTime).toArray(),
                IntStream.of(rows).mapToDouble(feed::target).toArray(),
                answers,
                inputs,
                activations);
    }

    /** As many of these, evenly spread, in order. */
    private static int[] spread(int[] rows, int most) {
        int n = Math.min(rows.length, most);
        return IntStream.range(0, n)
                .map(i -> rows[(int) ((long) i * rows.length / n)])
                .toArray();
    }

    private double[] answers(TorchModule module, int[] rows) {
        double[] answers = new double[rows.length];
        for (int from = 0; from < rows.length; from += feed.chunk()) {
            int to = Math.min(rows.length, from + feed.chunk());
            float[] raw = raw(module, Batch.of(feed, rows, from, to), 0, to - from);
            for (int i = from; i < to; i++) {
                answers[i] = answer(raw, (i - from) * spec.outputs());
            }
        }
        return answers;
    }

    private double answer(float[] raw, int at) {
        if (spec.isRegression()) {
            return raw[at];
        }
        int best = 0;
        for (int k = 1; k < spec.outputs(); k++) {
            best = raw[at + k] > raw[at + best] ? k : best;
        }
        return best;
    }

    /** Permutation importance (Breiman 2001, "Random forests", section 10). */
    private List<Figures.Input> inputs(TorchModule module, int[] rows, SplittableRandom random) {
        if (rows.length < 2) {
            return List.of();
        }
        Batch batch = Batch.of(feed, rows, 0, rows.length);
        double base = error(module, batch, rows);
        List<Figures.Input> inputs = new ArrayList<>();
        for (int c = 0; c < spec.width(); c++) {
            String name = c < spec.columns().size()
                    ? spec.columns().get(c).name()
                    : "past " + window.columns().target().name();
            Batch shuffled = batch.withNumber(c, spec, order(rows.length, random));
            inputs.add(new Figures.Input(name, error(module, shuffled, rows) - base));
        }
        for (int c = 0; c < spec.categories().size(); c++) {
            Batch shuffled = batch.withCategory(c, spec, order(rows.length, random));
            inputs.add(new Figures.Input(spec.categories().get(c).name(), error(module, shuffled, rows) - base));
        }
        return inputs;
    }

    private double error(TorchModule module, Batch batch, int[] rows) {
        float[] raw = raw(module, batch);
        double sum = 0;
        for (int i = 0; i < rows.length; i++) {
            double error = Math.abs(answer(raw, i * spec.outputs()) - feed.target(rows[i]));
            sum += spec.isRegression() ? error : Math.min(1, error);
        }
        return sum / rows.length;
    }

    private static int[] order(int n, SplittableRandom random) {
        int[] order = new int[n];
        for (int i = 0; i < n; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }

    private float[] raw(TorchModule module, Batch batch) {
        float[] raw = new float[0];
        for (int from = 0; from < batch.rows(); from += feed.chunk()) {
            float[] part = raw(module, batch, from, Math.min(batch.rows(), from + feed.chunk()));
            raw = Arrays.copyOf(raw, raw.length + part.length);
            System.arraycopy(part, 0, raw, raw.length - part.length, part.length);
        }
        return raw;
    }

    private float[] raw(TorchModule module, Batch batch, int from, int to) {
        int numbers = spec.history() * spec.width();
        int categories = spec.history() * spec.categories().size();
        try (NDManager manager = module.manager().newSubManager()) {
            return module.read(
                            manager,
                            "forward",
                            manager.create(
                                    Arrays.copyOfRange(batch.numbers(), from * numbers, to * numbers),
                                    new Shape(to - from, spec.history(), spec.width())),
                            manager.create(
                                    Arrays.copyOfRange(batch.categories(), from * categories, to * categories),
                                    new Shape(
                                            to - from,
                                            spec.history(),
                                            spec.categories().size())))
                    .toFloatArray();
        }
    }

    /** An archive in memory and its file. */
    private record Opened(TorchModule module, Path file) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            module.close();
            Files.deleteIfExists(file);
        }
    }

    private static Opened open(TorchArchive archive, Path scratch) throws IOException {
        Path file = Files.createTempFile(scratch, "diagnosis", ".pt");
        try {
            try (OutputStream out = Files.newOutputStream(file)) {
                archive.write(out);
            }
            return new Opened(TorchModule.load(file, Devices.chosen(), false), file);
        } catch (IOException e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }

    /** Rows as a model reads them, flat. */
    private record Batch(double[] numbers, long[] categories, int rows) {
        static Batch of(RowFeed feed, int[] rows, int from, int to) {
            return new Batch(feed.numbers(rows, from, to), feed.categories(rows, from, to), to - from);
        }

        /** One column as in other rows, its history with it. */
        Batch withNumber(int column, ModelSpec spec, int[] order) {
            double[] shuffled = numbers.clone();
            int f = spec.width();
            for (int i = 0; i < rows; i++) {
                for (int h = 0; h < spec.history(); h++) {
                    shuffled[(i * spec.history() + h) * f + column] =
                            numbers[(order[i] * spec.history() + h) * f + column];
                }
            }
            return new Batch(shuffled, categories, rows);
        }

        Batch withCategory(int column, ModelSpec spec, int[] order) {
            long[] shuffled = categories.clone();
            int f = spec.categories().size();
            for (int i = 0; i < rows; i++) {
                for (int h = 0; h < spec.history(); h++) {
                    shuffled[(i * spec.history() + h) * f + column] =
                            categories[(order[i] * spec.history() + h) * f + column];
                }
            }
            return new Batch(numbers, shuffled, rows);
        }
    }
}
