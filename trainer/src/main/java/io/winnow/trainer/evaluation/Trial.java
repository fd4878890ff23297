package io.winnow.trainer.evaluation;

import io.winnow.core.model.Baselines;
import io.winnow.core.model.ModelCard;
import io.winnow.trainer.archive.ModelSpec;
import io.winnow.trainer.archive.TorchArchive;
import io.winnow.trainer.evaluation.Losses.Rival;
import io.winnow.trainer.evaluation.Outcome.Passed;
import io.winnow.trainer.evaluation.Outcome.Reason;
import io.winnow.trainer.evaluation.Outcome.Rejected;
import io.winnow.trainer.evaluation.Outcome.Scores;
import io.winnow.trainer.learn.Hyperparameters;
import io.winnow.trainer.learn.Learner;
import io.winnow.trainer.learn.Learner.Learned;
import io.winnow.trainer.learn.LearningException;
import io.winnow.trainer.learn.Predictor;
import io.winnow.trainer.learn.Recipe;
import io.winnow.trainer.learn.StoppedException;
import io.winnow.trainer.window.History;
import io.winnow.trainer.window.Split;
import io.winnow.trainer.window.Window;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One training from a window to an outcome: learn, measure on the holdout, ask the gate. */
public final class Trial {
    private static final Logger LOG = LoggerFactory.getLogger(Trial.class);
    /** Choosing between level and change looks at this many of the newest rows at most … */
    private static final int PILOT_ROWS = 10_000;
    /** … and may cost this share of the budget, each. */
    private static final int PILOT_SHARE = 10;

    private static final String NO_CHANGE = "no-change";
    private static final String CONSTANT = "a constant";
    private static final String LINEAR = "the linear model";
    private static final String CHAMPION = "the champion";

    private final Path scratch;
    private final Learner learner;
    private final Hyperparameters hyper;

    /**
     * A trial.
     *
     * @param scratch an existing directory for files that live as long as one training
     * @param stopped asked between epochs; once true, the trial ends
     */
    public Trial(Path scratch, Hyperparameters hyper, BooleanSupplier stopped) {
        this.scratch = scratch;
        this.learner = new Learner(scratch, stopped);
        this.hyper = hyper;
    }

    /**
     * Trains and judges. The same window, champion and seed give the same outcome, on one CPU family and thread count.
     *
     * @throws IOException if the scratch directory cannot be written
     * @throws StoppedException if it was stopped
     */
    public Outcome run(Window window, Optional<Champion> champion, long seed) throws IOException, StoppedException {
        Split split = Split.of(window);
        int examples = split.fit().length + split.validation().length + split.holdout().length;
        int least = window.contract().training().minRows();
        if (examples < least) {
            return rejected(Reason.TOO_FEW_ROWS, "only " + examples + " rows with a target, " + least + " are needed");
        }
        History history = new History(window);
        try {
            Recipe recipe = Recipe.of(window, history, split, hyper);
            recipe = recipe.spec().isRegression() ? chosen(recipe, window, history, split, seed) : recipe;
            Learned learned = learner.learn(recipe, window, history, split.fit(), split.validation(), hyper, seed);
            return judged(learned, window, history, split, champion, seed);
        } catch (LearningException e) {
            return rejected(Reason.NOTHING_TO_LEARN, String.valueOf(e.getMessage()));
        }
    }

    /** By level or by change, whichever validates better after a short training. */
    private Recipe chosen(Recipe level, Window window, History history, Split split, long seed)
            throws IOException, LearningException, StoppedException {
        Recipe change = level.byChange(window, history, split.seen());
        Hyperparameters pilot = hyper.withRowBudget(Math.max(1, hyper.rowBudget() / PILOT_SHARE));
        int[] fit = split.fit();
        int[] newest = Arrays.copyOfRange(fit, Math.max(0, fit.length - PILOT_ROWS), fit.length);
        double byLevel = learner.learn(level, window, history, newest, split.validation(), pilot, seed)
                .validation();
        double byChange = learner.learn(change, window, history, newest, split.validation(), pilot, seed)
                .validation();
        LOG.info("validation error {} by level, {} by change from the last value", byLevel, byChange);
        return byChange < byLevel ? change : level;
    }

    private Outcome judged(
            Learned learned, Window window, History history, Split split, Optional<Champion> champion, long seed)
            throws IOException, LearningException, StoppedException {
        ModelSpec spec = learned.recipe().spec();
        String metric = spec.isRegression() ? ModelCard.MAE : ModelCard.ACCURACY;
        TorchArchive archive = learned.archive();
        Losses own = losses(archive, spec, window, history, split);
        Losses noChange = Losses.ofNoChange(window, history, split.seen(), split.holdout());
        Losses linear = linear(learned.recipe(), window, history, split, seed);
        Optional<Losses> theirs = champion.flatMap(c -> losses(c, window, history, split));
        // Where nothing can be learned, a constant is the rival that counts: the others are worse than it by chance.
        Losses constant = Losses.ofConstant(window, split.seen(), split.holdout());
        List<Rival> rivals = new ArrayList<>(
                List.of(new Rival(NO_CHANGE, noChange), new Rival(CONSTANT, constant), new Rival(LINEAR, linear)));
        theirs.ifPresent(losses -> rivals.add(new Rival(CHAMPION, losses)));
        Gate.Verdict verdict = Gate.judge(own, rivals, metric, seed);
        Scores scores = new Scores(
                metric,
                own.in(metric),
                new Baselines(noChange.in(metric), linear.in(metric)),
                theirs.map(l -> l.in(metric)),
                split.holdout().length);
        if (verdict.passed()) {
            return new Passed(learned, archive, scores, verdict.sentence());
        }
        Reason reason = switch (verdict.rival()) {
            case NO_CHANGE -> Reason.NO_CHANGE;
            case CONSTANT -> Reason.CONSTANT;
            case LINEAR -> Reason.LINEAR;
            default -> Reason.CHAMPION;
        };
        return new Rejected(reason, Optional.of(scores), verdict.sentence());
    }

    /** The same inputs, loss, optimizer and budget; only the layers between are missing. */
    private Losses linear(Recipe recipe, Window window, History history, Split split, long seed)
            throws IOException, LearningException, StoppedException {
        Recipe linear = new Recipe(recipe.spec().with(ModelSpec.Shape.LINEAR), recipe.scaling());
        Learned learned = learner.learn(linear, window, history, split.fit(), split.validation(), hyper, seed);
        return losses(learned.archive(), linear.spec(), window, history, split);
    }

    private Losses losses(TorchArchive archive, ModelSpec spec, Window window, History history, Split split)
            throws IOException {
        Path file = Files.createTempFile(scratch, "candidate", ".pt");
        try {
            try (OutputStream out = Files.newOutputStream(file)) {
                archive.write(out);
            }
            double[] answers = Predictor.predict(file, spec, window, history, split.holdout());
            return Losses.of(answers, spec, window, split.holdout());
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /** The champion's losses; none where it cannot be compared, which must not stop a new model. */
    private static Optional<Losses> losses(Champion champion, Window window, History history, Split split) {
        if (!champion.card().contractHash().equals(window.contract().hash())) {
            LOG.warn(
                    "champion {} was trained under another contract, so it is not compared",
                    champion.card().id());
            return Optional.empty();
        }
        try {
            double[] answers = Predictor.predict(champion.file(), champion.spec(), window, history, split.holdout());
            return Optional.of(Losses.of(answers, champion.spec(), window, split.holdout()));
        } catch (IOException e) {
            LOG.warn(
                    "champion {} does not answer, so it is not compared: {}",
                    champion.card().id(),
                    e.getMessage());
            return Optional.empty();
        }
    }

    private static Rejected rejected(Reason reason, String sentence) {
        return new Rejected(reason, Optional.empty(), sentence);
    }
}
