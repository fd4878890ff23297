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
import io.winnow.trainer.learn.Hyperparameters;
import io.winnow.trainer.live.Course;
import java.nio.file.Path;
import java.util.EnumSet;
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
}
