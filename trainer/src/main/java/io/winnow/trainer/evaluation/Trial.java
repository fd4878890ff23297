package io.winnow.trainer.evaluation;

import io.winnow.core.model.Baselines;
import io.winnow.core.model.ModelCard;
import io.winnow.trainer.evaluation.Losses.Rival;
import io.winnow.trainer.evaluation.Outcome.Passed;
import io.winnow.trainer.evaluation.Outcome.Promising;
import io.winnow.trainer.evaluation.Outcome.Reason;
import io.winnow.trainer.evaluation.Outcome.Rejected;
import io.winnow.trainer.evaluation.Outcome.Scores;
import io.winnow.trainer.learn.EpochWatcher;
import io.winnow.trainer.learn.Hyperparameters;
import io.winnow.trainer.learn.Learner;
import io.winnow.trainer.learn.Learner.Learned;
import io.winnow.trainer.learn.LearningException;
import io.winnow.trainer.learn.LiveModel;
import io.winnow.trainer.learn.Recipe;
import io.winnow.trainer.learn.StoppedException;
import io.winnow.trainer.window.CleanRow.Standing;
import io.winnow.trainer.window.History;
import io.winnow.trainer.window.Split;
import io.winnow.trainer.window.Window;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One training from a window to an outcome: learn, run over the holdout as if live, ask the gate. */
public final class Trial {
    private static final Logger LOG = LoggerFactory.getLogger(Trial.class);
    /** Choosing between level and change looks at this many of the newest rows at most … */
    private static final int PILOT_ROWS = 10_000;
    /** … and may cost this share of the budget, each. */
    private static final int PILOT_SHARE = 10;
    /** Going on from where the champion began its holdout costs this part of the budget, on the newest rows … */
    private static final int WARM_SHARE = 4;
    /** … at this part of the rate. */
    private static final int WARM_RATE = 3;
    /** Where not all newest rows were measured, this many are enough to judge by. */
    private static final int ENOUGH_ASKED = 1_000;

    private final Path scratch;
    private final Learner learner;
    private final Hyperparameters hyper;
    private final BooleanSupplier stopped;

    /**
     * A trial.
     *
     * @param scratch an existing directory for files that live as long as one training
     * @param stopped asked between epochs; once true, the trial ends
     */
    public Trial(Path scratch, Hyperparameters hyper, BooleanSupplier stopped) {
        this(scratch, hyper, stopped, EpochWatcher.NONE);
    }

    /**
     * A trial that is watched.
     *
     * @param scratch an existing directory for files that live as long as one training
     * @param stopped asked between epochs; once true, the trial ends
     * @param watcher told of every pass over the rows
     */
    public Trial(Path scratch, Hyperparameters hyper, BooleanSupplier stopped, EpochWatcher watcher) {
        this.scratch = scratch;
        this.learner = new Learner(scratch, stopped, watcher);
        this.hyper = hyper;
        this.stopped = stopped;
    }

    /** Is shown a challenger before it runs over the holdout. */
    @FunctionalInterface
    public interface Witness {
        /** Looks at it; whatever it keeps must be its own. */
        void see(Learned learned, Window window, History history, Split split) throws IOException;
    }

    /**
     * Trains and judges. The same window, rivals and seed give the same outcome, on one CPU family and thread count.
     *
     * @param rivals what others cost on the holdout
     * @param championed whether there is a champion to beat
     * @param parent what training may begin from, beside nothing: the champion as it was before its holdout
     * @throws IOException if the scratch directory cannot be written
     * @throws StoppedException if it was stopped
     */
    public Outcome run(
            Window window, Rivals rivals, boolean championed, Optional<Learned> parent, long seed, Witness witness)
            throws IOException, StoppedException {
        Split split = Split.of(window);
        int[] holdout = split.holdout();
        int[] asked = rivals.asked(window, holdout);
        if (asked.length < Math.min(holdout.length, ENOUGH_ASKED)) {
            return rejected(
                    Reason.NOT_MEASURED,
                    "of the newest " + holdout.length + " rows the baselines were asked about only " + asked.length);
        }
        try {
            Challenger challenger = challenger(window, split, parent, seed, witness);
            boolean wanted = false;
            try {
                Outcome outcome = judged(challenger, window, asked, rivals, championed, seed);
                wanted = !(outcome instanceof Rejected);
                return outcome;
            } finally {
                if (!wanted) {
                    challenger.close();
                }
            }
        } catch (TooFewRowsException e) {
            return rejected(Reason.TOO_FEW_ROWS, String.valueOf(e.getMessage()));
        } catch (LearningException e) {
            return rejected(Reason.NOTHING_TO_LEARN, String.valueOf(e.getMessage()));
        }
    }

    /**
     * Trains a challenger: a function of window, parent and seed alone, quarantined rows apart, which it is asked about but
     * never learns from. It begins from nothing, or goes on from the parent where that validates better.
     *
     * @throws LearningException if there is too little, or nothing, to learn from
     * @throws IOException if the scratch directory cannot be written
     * @throws StoppedException if it was stopped
     */
    public Challenger challenger(Window window, Optional<Learned> parent, long seed, Witness witness)
            throws LearningException, IOException, StoppedException {
        return challenger(window, Split.of(window), parent, seed, witness);
    }

    private Challenger challenger(Window window, Split split, Optional<Learned> parent, long seed, Witness witness)
            throws LearningException, IOException, StoppedException {
        int examples = split.fit().length + split.validation().length + learnable(window, split.holdout());
        int least = window.contract().training().minRows();
        if (examples < least) {
            throw new TooFewRowsException("only " + examples + " rows with a target, " + least + " are needed");
        }
        if (split.delayed().length > 0 && split.seen().length < least / 2) {
            throw new TooFewRowsException("labels come so late that only " + split.seen().length
                    + " rows had one when the holdout began, and " + least / 2 + " are needed; enlarge window-rows");
        }
        History history = new History(window);
        Recipe recipe = Recipe.of(window, history, split, hyper);
        recipe = recipe.spec().isRegression() ? chosen(recipe, window, history, split, seed) : recipe;
        Learned cold = learner.learn(recipe, window, history, split.fit(), split.validation(), hyper, seed);
        Learned learned = cold;
        if (parent.isPresent() && mayBegin(parent.get(), recipe, window, split)) {
            learned = better(cold, parent.get(), window, history, split, seed);
        }
        witness.see(learned, window, history, split);
        LiveModel live = LiveModel.start(learned, window, history, split.seen(), hyper, scratch, seed);
        boolean whole = false;
        try {
            Losses losses = new Replay(live, window, history).over(split, stopped);
            whole = true;
            return new Challenger(learned, live, split.holdout(), losses, learned != cold);
        } finally {
            if (!whole) {
                live.close();
            }
        }
    }

    /** Whether it reads and answers the same, and knows nothing of the rows that judge. */
    private static boolean mayBegin(Learned parent, Recipe recipe, Window window, Split split) {
        return parent.horizon().isBefore(window, split)
                && parent.recipe().spec().mayGoOnAs(recipe.spec());
    }

    /** What was learned from nothing, or from the parent where that validates better. */
    private Learned better(Learned cold, Learned parent, Window window, History history, Split split, long seed)
            throws IOException, StoppedException {
        Hyperparameters less = hyper.withShares(WARM_SHARE, WARM_RATE);
        int[] fit = split.fit();
        int[] newest = Arrays.copyOfRange(fit, (int) Math.max(0, fit.length - less.rowBudget()), fit.length);
        try {
            Learned warm = new Learner(scratch, stopped)
                    .learnOn(parent, window, history, newest, split.validation(), less, seed);
            LOG.info("validation loss {} from nothing, {} from the champion", cold.validation(), warm.validation());
            return warm.validation() < cold.validation() ? warm : cold;
        } catch (LearningException e) {
            LOG.info("nothing comes of going on from the champion: {}", e.getMessage());
            return cold;
        }
    }

    private static int learnable(Window window, int[] rows) {
        return (int) Arrays.stream(rows)
                .filter(r -> window.standing(r) != Standing.ASIDE)
                .count();
    }

    /** By level or by change, whichever validates better after a short training. */
    private Recipe chosen(Recipe level, Window window, History history, Split split, long seed)
            throws IOException, LearningException, StoppedException {
        Recipe change = level.byChange(window, history, split.seen());
        Hyperparameters pilot = hyper.withRowBudget(Math.max(1, hyper.rowBudget() / PILOT_SHARE));
        int[] fit = split.fit();
        int[] newest = Arrays.copyOfRange(fit, Math.max(0, fit.length - PILOT_ROWS), fit.length);
        Learner pilots = new Learner(scratch, stopped);
        double byLevel = pilots.learn(level, window, history, newest, split.validation(), pilot, seed)
                .validation();
        double byChange = pilots.learn(change, window, history, newest, split.validation(), pilot, seed)
                .validation();
        LOG.info("validation error {} by level, {} by change from the last value", byLevel, byChange);
        return byChange < byLevel ? change : level;
    }

    private static Outcome judged(
            Challenger challenger, Window window, int[] holdout, Rivals rivals, boolean championed, long seed) {
        boolean regression = window.columns().target().isRegression();
        String metric = regression ? ModelCard.MAE : ModelCard.ACCURACY;
        List<Rival> known = new ArrayList<>();
        for (Contender contender : Contender.values()) {
            if (contender.isRival(championed)) {
                rivals.of(contender, window, holdout)
                        .ifPresent(losses -> known.add(new Rival(contender.label(), losses)));
            }
        }
        Optional<Double> noChange = value(known, Contender.NO_CHANGE, metric);
        Optional<Double> linear = value(known, Contender.LINEAR, metric);
        if (noChange.isEmpty() || linear.isEmpty()) {
            return rejected(Reason.NOT_MEASURED, "not all baselines were asked about the newest rows yet");
        }
        Losses losses = challenger.losses(holdout);
        Gate.Verdict verdict = Gate.judge(losses, known, metric, seed);
        List<Rival> baselines = known.stream()
                .filter(r -> !r.name().equals(Contender.CHAMPION.label()))
                .toList();
        Scores scores = new Scores(
                metric,
                losses.in(metric),
                new Baselines(
                        noChange.get(),
                        linear.get(),
                        value(known, Contender.FOREST, metric).orElse(null)),
                value(known, Contender.CHAMPION, metric),
                holdout.length,
                Slicing.of(window, holdout, losses, baselines, metric));
        return Arrays.stream(Contender.values())
                .filter(c -> c.label().equals(verdict.rival()))
                .findFirst()
                .<Outcome>map(rival ->
                        known.stream().allMatch(r -> losses.mean() < r.losses().mean())
                                ? new Promising(challenger, scores, Reason.of(rival), verdict.sentence())
                                : new Rejected(Reason.of(rival), Optional.of(scores), verdict.sentence()))
                .orElseGet(() -> new Passed(challenger, scores, verdict.sentence()));
    }

    private static Optional<Double> value(List<Rival> rivals, Contender contender, String metric) {
        return rivals.stream()
                .filter(r -> r.name().equals(contender.label()))
                .map(r -> r.losses().in(metric))
                .findFirst();
    }

    private static Rejected rejected(Reason reason, String sentence) {
        return new Rejected(reason, Optional.empty(), sentence);
    }

    /** Fewer rows than the contract's minimum. */
    private static final class TooFewRowsException extends LearningException {
        private static final long serialVersionUID = 1;

        TooFewRowsException(String message) {
            super(message);
        }
    }
}
