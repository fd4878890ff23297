package io.winnow.trainer.search;

import io.winnow.core.model.ModelCard;
import io.winnow.trainer.archive.ModelSpec;
import io.winnow.trainer.evaluation.Gate;
import io.winnow.trainer.evaluation.Losses;
import io.winnow.trainer.evaluation.Losses.Rival;
import io.winnow.trainer.learn.EpochWatcher;
import io.winnow.trainer.learn.Hyperparameters;
import io.winnow.trainer.learn.Learner;
import io.winnow.trainer.learn.Learner.Learned;
import io.winnow.trainer.learn.LearningException;
import io.winnow.trainer.learn.Predictor;
import io.winnow.trainer.learn.Recipe;
import io.winnow.trainer.learn.StoppedException;
import io.winnow.trainer.runs.RunEvent.End;
import io.winnow.trainer.runs.RunRecorder;
import io.winnow.trainer.search.Tuned.Candidate;
import io.winnow.trainer.window.History;
import io.winnow.trainer.window.Split;
import io.winnow.trainer.window.Window;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Looks for hyperparameters that validate better than the standard ones on one window, then judges the winner against
 * them once on the holdout, which chose nothing.
 */
public final class Tuner {
    /** A budget too small for this many passes over all rows goes to as many passes over the newest. */
    private static final int PASSES = 3;

    private static final int LEAST_ROWS = 500;

    private final Path scratch;
    private final SearchPlan plan;
    private final InstantSource clock;
    private final BooleanSupplier stopped;

    /**
     * A tuner.
     *
     * @param scratch an existing directory for files that live as long as one training
     * @param plan how long to search
     * @param clock that the plan's time is measured by
     * @param stopped asked between passes; once true, there is no result
     */
    public Tuner(Path scratch, SearchPlan plan, InstantSource clock, BooleanSupplier stopped) {
        this.scratch = scratch;
        this.plan = plan;
        this.clock = clock;
        this.stopped = stopped;
    }

    /** Where attempts are written down. */
    @FunctionalInterface
    public interface Records {
        /**
         * Begins the record of an attempt.
         *
         * @param number of the attempt
         * @param hyper what it is learned with, at this share of their budget
         * @throws IOException if it cannot be written
         */
        RunRecorder begin(int number, Hyperparameters hyper, double share) throws IOException;
    }

    /**
     * Tunes. The plan's time bounds the search; where it runs out before the standard or the winner had its full budget,
     * that training follows.
     *
     * @param standard where the search starts, and what is to be beaten
     * @param seed of the search and of every training
     * @param records of the attempts
     * @param watcher told of each attempt as it ends
     * @throws LearningException if nothing can be learned from the window with the standard hyperparameters
     * @throws StoppedException if it was stopped
     * @throws IOException if the scratch directory or a record cannot be written
     */
    public Tuned run(Window window, Hyperparameters standard, long seed, Records records, Consumer<Attempt> watcher)
            throws IOException, LearningException, StoppedException {
        Split split = Split.of(window);
        int examples = split.fit().length + split.validation().length + split.holdout().length;
        int least = window.contract().training().minRows();
        if (examples < least) {
            throw new LearningException("only " + examples + " rows with a target, " + least + " are needed");
        }
        return new Job(window, split, standard, seed, records).run(watcher);
    }

    /** One search. */
    private final class Job implements Objective {
        private final Window window;
        private final Split split;
        private final Hyperparameters standard;
        private final long seed;
        private final Records records;
        private final History history;
        private final Space space;
        private final Instant deadline;
        private Recipe recipe;

        Job(Window window, Split split, Hyperparameters standard, long seed, Records records) throws LearningException {
            this.window = window;
            this.split = split;
            this.standard = standard;
            this.seed = seed;
            this.records = records;
            this.history = new History(window);
            this.deadline = clock.instant().plus(plan.time());
            this.recipe = Recipe.of(window, history, split, standard);
            this.space = new Space(standard, recipe.spec().isRegression());
        }

        Tuned run(Consumer<Attempt> watcher) throws IOException, LearningException, StoppedException {
            if (recipe.spec().isRegression()) {
                recipe = levelOrChange();
            }
            Duration left = Duration.between(clock.instant(), deadline);
            List<Attempt> attempts = left.isNegative() || left.isZero()
                    ? List.of()
                    : Search.run(plan.within(left), seed, clock, List.of(space.point(standard)), this, watcher);
            if (stopped.getAsBoolean()) {
                throw new StoppedException();
            }
            return judged(attempts);
        }

        /** As the trainer chooses it: whichever validates better after a short training. */
        private Recipe levelOrChange() throws IOException, LearningException, StoppedException {
            Recipe change = recipe.byChange(window, history, split.seen());
            Hyperparameters pilot = budgeted(standard, plan.share(0));
            double byLevel = learn(recipe, pilot, stopped, EpochWatcher.NONE).validation();
            double byChange = learn(change, pilot, stopped, EpochWatcher.NONE).validation();
            return byChange < byLevel ? change : recipe;
        }

        @Override
        public double loss(int number, double[] point, double share) throws IOException, StoppedException {
            // The standard itself, not what is left of it after rounding to the space.
            Hyperparameters hyper = Arrays.equals(point, space.point(standard)) ? standard : space.at(point);
            try (RunRecorder record = records.begin(number, hyper, share)) {
                try {
                    Learned learned =
                            learn(recipe, budgeted(hyper, share), () -> stopped.getAsBoolean() || timeIsUp(), record);
                    record.end(
                            End.FINISHED,
                            "validated at " + learned.validation(),
                            Map.of("validation", learned.validation()));
                    return learned.validation();
                } catch (LearningException e) {
                    record.end(End.FAILED, String.valueOf(e.getMessage()), Map.of());
                    return Double.POSITIVE_INFINITY;
                }
            }
        }

        private boolean timeIsUp() {
            return !clock.instant().isBefore(deadline);
        }

        private static Hyperparameters budgeted(Hyperparameters hyper, double share) {
            return hyper.withRowBudget(Math.max(1, Math.round(hyper.rowBudget() * share)));
        }

        private Learned learn(Recipe base, Hyperparameters hyper, BooleanSupplier until, EpochWatcher watcher)
                throws IOException, LearningException, StoppedException {
            int[] fit = split.fit();
            int rows = (int) Math.min(fit.length, Math.max(LEAST_ROWS, hyper.rowBudget() / PASSES));
            int[] newest = Arrays.copyOfRange(fit, fit.length - rows, fit.length);
            Recipe shaped = new Recipe(base.spec().with(hyper.shape()), base.scaling());
            return new Learner(scratch, until, watcher)
                    .learn(shaped, window, history, newest, split.validation(), hyper, seed);
        }

        /** Trained again with their full budget: the same seed gives the same models as in the search. */
        private Tuned judged(List<Attempt> attempts) throws IOException, LearningException, StoppedException {
            Learned usual = learn(recipe, standard, stopped, EpochWatcher.NONE);
            Hyperparameters best = attempts.isEmpty() ? standard : chosen(attempts);
            Learned found = best == standard ? usual : learn(recipe, best, stopped, EpochWatcher.NONE);
            // On a part of the budget it may have looked better than it is.
            boolean won = found.validation() < usual.validation();
            String metric = recipe.spec().isRegression() ? ModelCard.MAE : ModelCard.ACCURACY;
            Losses standardLosses = losses(usual);
            Losses winnerLosses = won ? losses(found) : standardLosses;
            Gate.Verdict verdict = won
                    ? Gate.judge(winnerLosses, List.of(new Rival("the standard", standardLosses)), metric, seed)
                    : new Gate.Verdict(false, "", "nothing was better than the standard on the validation rows");
            Losses noChange = Losses.ofNoChange(window, history, split.seen(), split.holdout());
            Candidate one = new Candidate(standard, usual.validation(), standardLosses.in(metric));
            return new Tuned(
                    metric,
                    recipe.spec().change(),
                    attempts,
                    one,
                    won ? new Candidate(best, found.validation(), winnerLosses.in(metric)) : one,
                    noChange.in(metric),
                    verdict.passed(),
                    verdict.sentence(),
                    window.size(),
                    split.holdout().length);
        }

        private Hyperparameters chosen(List<Attempt> attempts) {
            Attempt best = Search.best(attempts);
            boolean usual = best.phase() == Attempt.Phase.GIVEN || Double.isInfinite(best.loss());
            return usual ? standard : space.at(best.point());
        }

        private Losses losses(Learned learned) throws IOException {
            ModelSpec spec = learned.recipe().spec();
            Path file = Files.createTempFile(scratch, "candidate", ".pt");
            try {
                try (OutputStream out = Files.newOutputStream(file)) {
                    learned.archive().write(out);
                }
                return Losses.of(
                        Predictor.predict(file, spec, window, history, split.holdout()), spec, window, split.holdout());
            } finally {
                Files.deleteIfExists(file);
            }
        }
    }
}
