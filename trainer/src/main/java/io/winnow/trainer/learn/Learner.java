package io.winnow.trainer.learn;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.winnow.trainer.archive.Archives;
import io.winnow.trainer.archive.TorchArchive;
import io.winnow.trainer.window.History;
import io.winnow.trainer.window.Window;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Learns one network: epochs of one native call each, rates by a schedule, a score on the validation rows after each epoch,
 * and the best weights kept. The same recipe, rows, seed and thread count give the same weights, bit for bit.
 */
public final class Learner {
    private static final Logger LOG = LoggerFactory.getLogger(Learner.class);
    /** Restarts after a loss that is no number. */
    private static final int RETRIES = 2;

    private final Path scratch;
    private final BooleanSupplier stopped;
    private final Pass pass;

    /** One pass over the examples. */
    @FunctionalInterface
    interface Pass {
        /** The mean loss. */
        double over(Examples examples, TorchModule module, long[] order, double[] rates, int batch);
    }

    private final EpochWatcher watcher;

    /**
     * A learner that nobody watches.
     *
     * @param scratch an existing directory for files that live as long as one training
     * @param stopped asked between native calls; once true, the training ends
     */
    public Learner(Path scratch, BooleanSupplier stopped) {
        this(scratch, stopped, EpochWatcher.NONE);
    }

    /**
     * A learner.
     *
     * @param scratch an existing directory for files that live as long as one training
     * @param stopped asked between native calls; once true, the training ends
     * @param watcher told of every pass; what it asks for changes no weight
     */
    public Learner(Path scratch, BooleanSupplier stopped, EpochWatcher watcher) {
        this(scratch, stopped, watcher, Examples::epoch);
    }

    /** A learner whose passes may fail as a test wants them to. */
    Learner(Path scratch, BooleanSupplier stopped, EpochWatcher watcher, Pass pass) {
        this.scratch = scratch;
        this.stopped = stopped;
        this.watcher = watcher;
        this.pass = pass;
    }

    /**
     * What was learned.
     *
     * @param recipe the model
     * @param state its weights and statistics, as {@link Archives#published} takes them
     * @param validation its loss on the validation rows: mean absolute error, or mean logarithmic loss
     * @param epochs passes over the rows
     * @param curve how each pass ended, in order
     * @param horizon how far it knows its stream
     */
    public record Learned(
            Recipe recipe, float[] state, double validation, int epochs, List<Epoch> curve, Horizon horizon) {
        public Learned {
            curve = List.copyOf(curve);
        }

        /** One that was learned elsewhere: how it went is not known. */
        public static Learned of(Recipe recipe, float[] state, Horizon horizon) {
            return new Learned(recipe, state, Double.NaN, 0, List.of(), horizon);
        }

        /** The archive to publish. */
        public TorchArchive archive() {
            return Archives.published(recipe.spec(), recipe.scaling(), state);
        }
    }

    /**
     * How one pass over the rows ended.
     *
     * @param loss the mean over its steps, as it was learned from
     * @param validation the loss on the validation rows, in {@link Learned#validation}'s unit
     */
    public record Epoch(double loss, double validation) {}

    /**
     * Learns.
     *
     * @param fit rows of the window to learn from
     * @param validation rows to choose the best epoch by
     * @throws LearningException if the loss is no number even at lower rates, or there are too few rows
     * @throws IOException if the scratch directory cannot be written
     * @throws StoppedException if it was stopped
     */
    public Learned learn(
            Recipe recipe,
            Window window,
            History history,
            int[] fit,
            int[] validation,
            Hyperparameters hyper,
            long seed)
            throws LearningException, IOException, StoppedException {
        return learn(recipe, window, history, fit, validation, hyper, seed, Optional.empty());
    }

    /**
     * Learns on from what another model learned, for instance the champion: a warm start. The start counts as a first
     * answer, so that what comes back validates no worse than it.
     *
     * @param start whose recipe it takes: a state means nothing under another standardizer
     * @throws IllegalArgumentException if the state is not of such a model
     * @throws LearningException as above
     * @throws IOException as above
     * @throws StoppedException as above
     */
    public Learned learnOn(
            Learned start,
            Window window,
            History history,
            int[] fit,
            int[] validation,
            Hyperparameters hyper,
            long seed)
            throws LearningException, IOException, StoppedException {
        if (start.state().length != Archives.stateSize(start.recipe().spec())) {
            throw new IllegalArgumentException("a state of " + start.state().length + " numbers is not this model's");
        }
        return learn(start.recipe(), window, history, fit, validation, hyper, seed, Optional.of(start));
    }

    private Learned learn(
            Recipe recipe,
            Window window,
            History history,
            int[] fit,
            int[] validation,
            Hyperparameters hyper,
            long seed,
            Optional<Learned> start)
            throws LearningException, IOException, StoppedException {
        try (TorchModule module = TorchModule.training(recipe, hyper, scratch, seed);
                Examples examples =
                        Examples.load(module, recipe, new Examples.Rows(window, history, fit, validation))) {
            Horizon seen = Horizon.of(window, fit, validation);
            Horizon horizon = start.map(s -> seen.and(s.horizon())).orElse(seen);
            Run run = new Run(module, examples, recipe, hyper, horizon, seed);
            start.ifPresent(s -> run.startFrom(s.state()));
            return run.best();
        }
    }

    /** One training from its start to its best weights. */
    private final class Run {
        private final TorchModule module;
        private final Examples examples;
        private final Recipe recipe;
        private final Hyperparameters hyper;
        private final Horizon horizon;
        private final SplittableRandom random;
        private int batch;
        private float[] bestState;
        private double best;
        private int epochs;
        private final List<Epoch> curve = new ArrayList<>();

        Run(TorchModule module, Examples examples, Recipe recipe, Hyperparameters hyper, Horizon horizon, long seed) {
            this.module = module;
            this.examples = examples;
            this.recipe = recipe;
            this.hyper = hyper;
            this.horizon = horizon;
            this.random = new SplittableRandom(seed);
            Devices.seed((int) random.nextLong());
            this.bestState = state();
            this.best = Double.POSITIVE_INFINITY;
            this.batch = Math.min(hyper.batch(), examples.fitRows());
        }

        void startFrom(float[] state) {
            restore(state);
            bestState = state.clone();
            best = examples.validationLoss(module);
        }

        Learned best() throws LearningException, StoppedException {
            double peak = hyper.peakRate();
            int restarts = 0;
            while (restarts <= RETRIES) {
                try {
                    if (cycle(peak)) {
                        return new Learned(recipe, bestState, best, epochs, curve, horizon);
                    }
                    LOG.warn("the loss is not a number at rate {}; starting again from the best at half of it", peak);
                    restarts++;
                    peak /= 2;
                } catch (EngineException e) {
                    if (!Devices.isOutOfMemory(e)) {
                        throw e;
                    }
                    LOG.warn("{} rows a step do not fit into the device's memory; starting again with half", batch);
                    batch /= 2;
                    Devices.freeCache(module.manager().getDevice());
                }
                restore(bestState);
            }
            throw new LearningException("the loss was not a number at any rate down to " + peak);
        }

        /** Whether the loss stayed a number. */
        private boolean cycle(double peak) throws LearningException, StoppedException {
            if (batch < 2) {
                throw new LearningException(
                        examples.fitRows() < 2
                                ? "there are too few rows to learn from"
                                : "not even two rows a step fit into the device's memory");
            }
            int steps = examples.fitRows() / batch;
            int total = hyper.epochs(examples.fitRows());
            int worse = 0;
            for (int epoch = 0; epoch < total && worse < hyper.patience(); epoch++) {
                endIfStopped();
                double[] rates = hyper.schedule().rates(peak, epoch * steps, (epoch + 1) * steps, total * steps);
                double loss = pass.over(examples, module, order(), rates, batch);
                if (!Double.isFinite(loss)) {
                    return false;
                }
                epochs++;
                endIfStopped();
                double validation = examples.validationLoss(module);
                curve.add(new Epoch(loss, validation));
                watcher.passed(
                        new EpochWatcher.Epoch(epochs, total, loss, validation, rates[rates.length - 1]),
                        () -> examples.inspect(module));
                LOG.debug("epoch {} of {}: loss {}, validation {}", epoch + 1, total, loss, validation);
                if (validation < best) {
                    best = validation;
                    bestState = state();
                    worse = 0;
                } else {
                    worse++;
                }
            }
            return Double.isFinite(best);
        }

        private void endIfStopped() throws StoppedException {
            if (stopped.getAsBoolean()) {
                throw new StoppedException();
            }
        }

        /** A fresh order of the rows to learn from. */
        private long[] order() {
            long[] order = new long[examples.fitRows()];
            for (int i = 0; i < order.length; i++) {
                int j = random.nextInt(i + 1);
                order[i] = order[j];
                order[j] = i;
            }
            return order;
        }

        private float[] state() {
            try (NDManager manager = module.manager().newSubManager()) {
                return module.read(manager, "state").toFloatArray();
            }
        }

        private void restore(float[] state) {
            try (NDManager manager = module.manager().newSubManager();
                    NDArray array = manager.create(Arrays.copyOf(state, state.length))) {
                module.learn(manager, "restore", array);
            }
        }
    }
}
