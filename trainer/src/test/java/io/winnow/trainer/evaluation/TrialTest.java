package io.winnow.trainer.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.core.contract.Contract;
import io.winnow.trainer.Streams;
import io.winnow.trainer.TorchTest;
import io.winnow.trainer.archive.ModelSpec.Shape;
import io.winnow.trainer.archive.OptimizerSpec;
import io.winnow.trainer.evaluation.Outcome.Passed;
import io.winnow.trainer.evaluation.Outcome.Reason;
import io.winnow.trainer.evaluation.Outcome.Rejected;
import io.winnow.trainer.evaluation.Outcome.Scores;
import io.winnow.trainer.learn.Horizon;
import io.winnow.trainer.learn.Hyperparameters;
import io.winnow.trainer.learn.Learner.Learned;
import io.winnow.trainer.live.Course;
import io.winnow.trainer.window.Window;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(TorchTest.class)
class TrialTest {
    private static final Hyperparameters SMALL =
            new Hyperparameters(new Shape(32, 2, 0.1), OptimizerSpec.DEFAULT, 64, 5e-3, 25, 60_000, 25);

    @TempDir
    Path scratch;

    /** What comes of a training after these rows, each of which every contender was asked about. */
    private Outcome run(Contract contract, int rows, long seed, Streams.Law law) throws Exception {
        EnumSet<Contender> contenders = EnumSet.of(Contender.LINEAR, Contender.FOREST);
        try (Course course = new Course(contract, SMALL, contenders, scratch, () -> false, seed)) {
            Streams.feed(contract, rows, seed, law, row -> {
                course.add(row);
                if (course.window().freshRows() == 100) {
                    course.advance(100, measured -> {});
                }
            });
            course.advance(100, measured -> {});
            Outcome outcome = course.train(course.window().cut(), 1);
            if (outcome instanceof Passed passed) {
                passed.challenger().close();
            }
            return outcome;
        }
    }

    @Test
    void whatBeatsBothBaselinesPasses() throws Exception {
        Outcome regression = run(Streams.regression(3_000), 3_000, 1, Streams.PRODUCT);
        assertThat(regression).isInstanceOf(Passed.class);
        Scores scores = regression.scores().orElseThrow();
        assertThat(scores.value()).isLessThan(scores.baselines().linear() / 2);
        assertThat(scores.rows()).isEqualTo(600);

        Outcome classes = run(Streams.classification(3_000), 3_000, 1, Streams.SIGN);
        assertThat(classes).isInstanceOf(Passed.class);
        assertThat(classes.scores().orElseThrow().value())
                .isGreaterThan(classes.scores().orElseThrow().baselines().linear() + 0.2);
        assertThat(scratch).isEmptyDirectory();
    }

    /** Labels dealt at random: nothing can be learned, so a better score than chance would be a leak. */
    @Test
    void permutedLabelsFallToChance() throws Exception {
        Outcome classes = run(Streams.classification(4_000), 4_000, 3, (a, b, region, random) -> random.nextInt(2));
        assertThat(classes).isInstanceOf(Rejected.class);
        // 800 rows: three standard errors are 0.053.
        assertThat(classes.scores().orElseThrow().value()).isBetween(0.447, 0.553);

        Outcome regression = run(Streams.regression(4_000), 4_000, 3, (a, b, region, random) -> random.nextGaussian());
        assertThat(regression).isInstanceOf(Rejected.class);
        // The mean absolute deviation of a normal variable is 0.798; its standard error over 800 rows 0.021.
        assertThat(regression.scores().orElseThrow().value()).isBetween(0.735, 0.90);
    }

    @Test
    void whatCannotBeLearnedIsRejectedWithASentence() throws Exception {
        Outcome constant = run(Streams.regression(500), 500, 1, (a, b, region, random) -> 4.2);
        assertThat(constant.sentence()).isEqualTo("the target is constant, so there is nothing to learn");
        Outcome oneClass = run(Streams.classification(500), 500, 1, (a, b, region, random) -> 1);
        assertThat(oneClass.sentence()).isEqualTo("the target has only one class, so there is nothing to learn");
        Outcome few = run(Streams.regression(500), 150, 1, Streams.PRODUCT);
        assertThat(few).isInstanceOf(Rejected.class);
        assertThat(((Rejected) few).reason()).isEqualTo(Reason.TOO_FEW_ROWS);
        assertThat(few.sentence()).isEqualTo("only 150 rows with a target, 200 are needed");
        Outcome none = run(Streams.regression(500), 300, 1, (a, b, region, random) -> Double.NaN);
        assertThat(none.sentence()).isEqualTo("only 0 rows with a target, 200 are needed");
    }

    @Test
    void aClassThatComesOnlyInTheHoldoutIsAnErrorNotACrash() throws Exception {
        int[] count = new int[1];
        Contract contract = Streams.classification(1_000);
        Outcome outcome = run(contract, 1_000, 1, (a, b, region, random) -> count[0]++ > 900 ? 2 : a * b > 0 ? 1 : 0);
        assertThat(outcome.scores().orElseThrow().value()).isLessThan(0.55);
    }

    @Test
    void hugeTargetsStayNumbers() throws Exception {
        Outcome outcome =
                run(Streams.regression(600), 600, 1, (a, b, region, random) -> 1e30 * (a * b + random.nextGaussian()));
        assertThat(outcome.scores().orElseThrow().value()).isFinite();
    }

    /** The challenger of this window, with little time to learn, and a parent that it may begin from. */
    private Challenger hurried(Window window, Optional<Learned> parent) throws Exception {
        Challenger challenger = new Trial(scratch, SMALL.withRowBudget(2_000), () -> false)
                .challenger(window, parent, 5, (learned, cut, history, split) -> {});
        challenger.close();
        return challenger;
    }

    @Test
    void goesOnFromAParentThatValidatesBetterAndKnowsNothingOfTheRowsThatJudge() throws Exception {
        Contract contract = Streams.regression(3_000);
        Window window = Streams.window(contract, 3_000, 1, Streams.PRODUCT);
        Challenger first = new Trial(scratch, SMALL, () -> false)
                .challenger(window, Optional.empty(), 4, (learned, cut, history, split) -> {});
        first.close();
        Learned parent = first.learned();
        Challenger cold = hurried(window, Optional.empty());
        Challenger warm = hurried(window, Optional.of(parent));
        assertThat(cold.warm()).isFalse();
        assertThat(warm.warm()).isTrue();
        assertThat(warm.losses().mean()).isLessThan(0.8 * cold.losses().mean());
        assertThat(warm.learned().recipe()).isEqualTo(parent.recipe());

        Learned unfit = Learned.of(parent.recipe(), new float[parent.state().length], parent.horizon());
        assertThat(hurried(window, Optional.of(unfit)).warm())
                .as("a parent that validates worse")
                .isFalse();
        Learned cheat = Learned.of(parent.recipe(), parent.state(), Horizon.UNKNOWN);
        assertThat(hurried(window, Optional.of(cheat)).warm())
                .as("one that may have seen the holdout")
                .isFalse();
        Window others = Streams.window(Streams.classification(3_000), 3_000, 1, Streams.SIGN);
        assertThat(hurried(others, Optional.of(parent)).warm())
                .as("one that answers something else")
                .isFalse();
    }
}
