package io.winnow.trainer.learn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.winnow.trainer.archive.Archives;
import io.winnow.trainer.archive.ModelSpec;
import io.winnow.trainer.archive.TorchArchive;
import io.winnow.trainer.learn.Learner.Learned;
import io.winnow.trainer.window.CleanRow.Standing;
import io.winnow.trainer.window.History;
import io.winnow.trainer.window.LiveWindow.Block;
import io.winnow.trainer.window.Window;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A model that goes on learning between two trainings: it answers each block of rows, then takes a step on them and on a
 * sample of all that it learned from, so that the newest labels count and the old ones are not forgotten. Not thread-safe.
 */
public final class LiveModel implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LiveModel.class);
    /** Rows that a model learns from in one step: the newest … */
    private static final int NEW_ROWS = 64;
    /** … and a sample of all. */
    private static final int OLD_ROWS = 192;
    /** Accepted rows between two steps. */
    public static final int STEP_ROWS = 50;
    /** The share of a training's peak rate that these steps are taken at. */
    private static final double RATE_SHARE = 1 / 3.0;
    /** Bytes of inputs that are kept to sample from, at most. */
    private static final int SAMPLE_BYTES = 64 << 20;

    private static final int MOST_SAMPLED = 16_384;
    /** A regression's goal counts as this many steps at most: one beyond a float, once sampled, would spoil every loss. */
    private static final double FARTHEST = 1e6;

    private final Recipe recipe;
    private final ModelSpec spec;
    private final TorchModule module;
    private final SplittableRandom random;
    private final Sample sample;
    private final float[][] newest = new float[NEW_ROWS][];
    private final long[][] newestIds = new long[NEW_ROWS][];
    private final double[] newestGoals = new double[NEW_ROWS];
    private double rate;
    private float[] lastGood;
    private int learned;
    private int steps;
    private int sinceStep;

    private LiveModel(Learned start, TorchModule module, double rate, long seed) {
        this.recipe = start.recipe();
        this.spec = recipe.spec();
        this.module = module;
        this.random = new SplittableRandom(seed);
        this.rate = rate;
        this.lastGood = start.state();
        int most = SAMPLE_BYTES / (4 * spec.inputs() + 8 * spec.categories().size() + 8);
        this.sample = new Sample(Math.max(NEW_ROWS, Math.min(MOST_SAMPLED, most)));
        Devices.seed((int) random.nextLong());
    }

    /**
     * Goes on from what was learned.
     *
     * @param window what it was learned from
     * @param seen rows of the window that it learned from
     * @param scratch an existing directory for a file that lives as long as the call
     * @throws IOException if the scratch directory cannot be written
     */
    public static LiveModel start(
            Learned start, Window window, History history, int[] seen, Hyperparameters hyper, Path scratch, long seed)
            throws IOException {
        TorchModule module = TorchModule.training(start.recipe(), hyper, scratch, seed);
        boolean whole = false;
        try {
            LiveModel model = new LiveModel(start, module, hyper.peakRate() * RATE_SHARE, seed);
            model.restore(start.state());
            model.remember(window, history, seen);
            whole = true;
            return model;
        } finally {
            if (!whole) {
                module.close();
            }
        }
    }

    /** What it reads, and its standardizer. */
    public Recipe recipe() {
        return recipe;
    }

    /** Its weights and statistics now, as {@link Archives#published} takes them. */
    public float[] state() {
        try (NDManager manager = module.manager().newSubManager()) {
            return module.read(manager, "state").toFloatArray();
        }
    }

    /** The archive to publish: as it is now. */
    public TorchArchive archive() {
        return Archives.published(spec, recipe.scaling(), state());
    }

    /** Rows that it has learned since it started. */
    public int learned() {
        return learned;
    }

    /** Small steps since it started; one that was taken back counts, for its weights are others since. */
    public int steps() {
        return steps;
    }

    private void restore(float[] state) {
        try (NDManager manager = module.manager().newSubManager();
                NDArray array = manager.create(Arrays.copyOf(state, state.length))) {
            module.learn(manager, "restore", array);
        }
    }

    private void remember(Window window, History history, int[] seen) {
        int[] rows = Arrays.stream(sample.reserve(seen.length, random))
                .map(i -> seen[i])
                .toArray();
        try (Inputs inputs = new Inputs(module, window, history, spec, rows);
                NDManager manager = module.manager().newSubManager()) {
            NDList made = inputs.of(manager, rows);
            double[] goals = inputs.goals(recipe, rows);
            int d = spec.inputs();
            float[] x = made.get(0).toFloatArray();
            long[] c = made.get(1).toLongArray();
            int width = spec.categories().size();
            for (int i = 0; i < rows.length; i++) {
                sample.put(
                        i,
                        Arrays.copyOfRange(x, i * d, (i + 1) * d),
                        Arrays.copyOfRange(c, i * width, (i + 1) * width),
                        bounded(goals[i]));
            }
        }
    }

    private double bounded(double goal) {
        return spec.isRegression() ? Math.max(-FARTHEST, Math.min(FARTHEST, goal)) : goal;
    }

    /**
     * Its answers for the block's new rows, and, with {@link Answered#learn}, what it learns of them.
     */
    public Answered answer(Block block, History history) {
        Window window = block.window();
        int[] rows = block.rows();
        double[] answers = new double[rows.length];
        int k = spec.outputs();
        try (Inputs inputs = new Inputs(module, window, history, spec, rows);
                NDManager manager = module.manager().newSubManager()) {
            NDList made = inputs.of(manager, rows);
            float[] raw =
                    module.read(manager, "score", made.get(0), made.get(1)).toFloatArray();
            for (int i = 0; i < rows.length; i++) {
                answers[i] = answer(window, history, rows[i], raw, i * k);
            }
            return new Answered(
                    answers, block, made.get(0).toFloatArray(), made.get(1).toLongArray(), inputs.goals(recipe, rows));
        }
    }

    private double answer(Window window, History history, int row, float[] raw, int at) {
        if (spec.isRegression()) {
            return raw[at] * recipe.scaling().step() + Inputs.base(recipe, window, history, row);
        }
        int best = 0;
        for (int i = 1; i < spec.outputs(); i++) {
            best = raw[at + i] > raw[at + best] ? i : best;
        }
        return window.classes().indexOf(spec.classes().get(best));
    }

    /** Answers that were given, and what there is to learn from them. */
    public final class Answered {
        private final double[] answers;
        private final Block block;
        private final float[] x;
        private final long[] c;
        private final double[] goals;

        private Answered(double[] answers, Block block, float[] x, long[] c, double[] goals) {
            this.answers = answers;
            this.block = block;
            this.x = x;
            this.c = c;
            this.goals = goals;
        }

        /** Numbers, or positions in the block's classes, −1 for a class that is not among them. */
        public double[] answers() {
            return answers.clone();
        }

        /** Learns from the rows that may be learned from. Call it once, before the model is asked again. */
        public void learn() {
            int d = spec.inputs();
            int width = spec.categories().size();
            for (int i = 0; i < goals.length; i++) {
                if (block.window().standing(block.rows()[i]) != Standing.ASIDE && !Double.isNaN(goals[i])) {
                    note(
                            Arrays.copyOfRange(x, i * d, (i + 1) * d),
                            Arrays.copyOfRange(c, i * width, (i + 1) * width),
                            bounded(goals[i]));
                }
            }
        }
    }

    private void note(float[] x, long[] ids, double goal) {
        int at = learned++ % NEW_ROWS;
        newest[at] = x;
        newestIds[at] = ids;
        newestGoals[at] = goal;
        sample.offer(x, ids, goal, random);
        if (++sinceStep >= STEP_ROWS) {
            sinceStep = 0;
            step();
        }
    }

    private void step() {
        steps++;
        int fresh = Math.min(learned, NEW_ROWS);
        int old = Math.min(sample.size(), OLD_ROWS);
        int n = fresh + old;
        int d = spec.inputs();
        int width = spec.categories().size();
        float[] x = new float[n * d];
        long[] c = new long[n * width];
        double[] goals = new double[n];
        for (int i = 0; i < n; i++) {
            int drawn = i < fresh ? i : random.nextInt(sample.size());
            System.arraycopy(i < fresh ? newest[drawn] : sample.x(drawn), 0, x, i * d, d);
            System.arraycopy(i < fresh ? newestIds[drawn] : sample.ids(drawn), 0, c, i * width, width);
            goals[i] = i < fresh ? newestGoals[drawn] : sample.goal(drawn);
        }
        try (NDManager manager = module.manager().newSubManager()) {
            NDArray loss = module.learn(
                    manager,
                    "train_epoch",
                    manager.create(x, new Shape(n, d)),
                    manager.create(c, new Shape(n, width)),
                    spec.isRegression()
                            ? manager.create(Examples.floats(goals))
                            : manager.create(Examples.longs(goals)),
                    manager.create(IntStream.range(0, n).asLongStream().toArray()),
                    manager.create(new double[] {rate}),
                    manager.create(new long[] {n}));
            if (Float.isFinite(loss.toFloatArray()[0])) {
                if (learned % (STEP_ROWS * 100) < STEP_ROWS) {
                    lastGood = state();
                }
                return;
            }
        }
        rate /= 2;
        LOG.warn("the loss of a small update is not a number; going on from before it at rate {}", rate);
        restore(lastGood);
    }

    @Override
    public void close() {
        module.close();
    }

    /** A uniform sample of all rows offered (Vitter 1985, algorithm R). */
    private static final class Sample {
        private final float[] @Nullable [] x;
        private final long[] @Nullable [] ids;
        private final double[] goals;
        private int size;
        private long offered;

        Sample(int capacity) {
            x = new float[capacity][];
            ids = new long[capacity][];
            goals = new double[capacity];
        }

        /** Which of this many rows are kept; they are to be put, in this order. */
        int[] reserve(int rows, SplittableRandom random) {
            int[] kept = IntStream.range(0, Math.min(rows, x.length)).toArray();
            for (int i = kept.length; i < rows; i++) {
                int at = random.nextInt(i + 1);
                if (at < kept.length) {
                    kept[at] = i;
                }
            }
            size = kept.length;
            offered = rows;
            return kept;
        }

        void put(int at, float[] values, long[] categories, double goal) {
            x[at] = values;
            ids[at] = categories;
            goals[at] = goal;
        }

        void offer(float[] values, long[] categories, double goal, SplittableRandom random) {
            offered++;
            if (size < x.length) {
                put(size++, values, categories, goal);
                return;
            }
            long at = random.nextLong(offered);
            if (at < size) {
                put((int) at, values, categories, goal);
            }
        }

        int size() {
            return size;
        }

        float[] x(int i) {
            return java.util.Objects.requireNonNull(x[i]);
        }

        long[] ids(int i) {
            return java.util.Objects.requireNonNull(ids[i]);
        }

        double goal(int i) {
            return goals[i];
        }
    }
}
