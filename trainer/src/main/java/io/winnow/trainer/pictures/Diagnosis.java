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
                activations = raw(model.module(), Batch.of(feed, few), UNCHANGED);
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
            int[] some = Arrays.copyOfRange(rows, from, Math.min(rows.length, from + feed.chunk()));
            float[] raw = raw(module, Batch.of(feed, some));
            for (int i = 0; i < some.length; i++) {
                answers[from + i] = answer(raw, i * spec.outputs());
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
        Batch batch = Batch.of(feed, rows);
        double base = error(module, batch, rows, UNCHANGED);
        List<Figures.Input> inputs = new ArrayList<>();
        for (int c = 0; c < spec.width(); c++) {
            String name = c < spec.columns().size()
                    ? spec.columns().get(c).name()
                    : "past " + window.columns().target().name();
            Change shuffled = shuffledNumber(batch, c, order(rows.length, random));
            inputs.add(new Figures.Input(name, error(module, batch, rows, shuffled) - base));
        }
        for (int c = 0; c < spec.categories().size(); c++) {
            Change shuffled = shuffledCategory(batch, c, order(rows.length, random));
            inputs.add(new Figures.Input(spec.categories().get(c).name(), error(module, batch, rows, shuffled) - base));
        }
        return inputs;
    }

    /** What is done to a part of a batch, from its row {@code from} on, before the model sees it. */
    @FunctionalInterface
    private interface Change {
        void apply(Batch part, int from);
    }

    private static final Change UNCHANGED = (part, from) -> {};

    /** One column as in other rows, its history with it. */
    private Change shuffledNumber(Batch batch, int column, int[] order) {
        int h = spec.history();
        int f = spec.width();
        return (part, from) -> {
            for (int i = 0; i < part.rows() * h; i++) {
                part.numbers()[i * f + column] = batch.numbers()[(order[from + i / h] * h + i % h) * f + column];
            }
        };
    }

    private Change shuffledCategory(Batch batch, int column, int[] order) {
        int h = spec.history();
        int f = spec.categories().size();
        return (part, from) -> {
            for (int i = 0; i < part.rows() * h; i++) {
                part.categories()[i * f + column] = batch.categories()[(order[from + i / h] * h + i % h) * f + column];
            }
        };
    }

    private double error(TorchModule module, Batch batch, int[] rows, Change change) {
        float[] raw = raw(module, batch, change);
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

    private float[] raw(TorchModule module, Batch batch, Change change) {
        float[] raw = new float[0];
        for (int from = 0; from < batch.rows(); from += feed.chunk()) {
            Batch part = batch.part(from, Math.min(batch.rows(), from + feed.chunk()));
            change.apply(part, from);
            float[] some = raw(module, part);
            raw = Arrays.copyOf(raw, raw.length + some.length);
            System.arraycopy(some, 0, raw, raw.length - some.length, some.length);
        }
        return raw;
    }

    private float[] raw(TorchModule module, Batch batch) {
        try (NDManager manager = module.manager().newSubManager()) {
            return module.read(
                            manager,
                            "forward",
                            manager.create(batch.numbers(), new Shape(batch.rows(), spec.history(), spec.width())),
                            manager.create(
                                    batch.categories(),
                                    new Shape(
                                            batch.rows(),
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
        static Batch of(RowFeed feed, int[] rows) {
            return new Batch(feed.numbers(rows, 0, rows.length), feed.categories(rows, 0, rows.length), rows.length);
        }

        /** A copy of the rows from {@code from} to {@code to}. */
        Batch part(int from, int to) {
            int n = numbers.length / rows;
            int c = categories.length / rows;
            return new Batch(
                    Arrays.copyOfRange(numbers, from * n, to * n),
                    Arrays.copyOfRange(categories, from * c, to * c),
                    to - from);
        }
    }
}
