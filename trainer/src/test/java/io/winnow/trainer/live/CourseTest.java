package io.winnow.trainer.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.winnow.core.contract.Contract;
import io.winnow.trainer.Streams;
import io.winnow.trainer.TorchTest;
import io.winnow.trainer.archive.ModelSpec.Shape;
import io.winnow.trainer.archive.OptimizerSpec;
import io.winnow.trainer.evaluation.Contender;
import io.winnow.trainer.evaluation.Losses;
import io.winnow.trainer.evaluation.Outcome;
import io.winnow.trainer.evaluation.Outcome.Passed;
import io.winnow.trainer.learn.Hyperparameters;
import io.winnow.trainer.learn.LiveModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(TorchTest.class)
class CourseTest {
    private static final Hyperparameters SMALL =
            new Hyperparameters(new Shape(32, 2, 0.1), OptimizerSpec.DEFAULT, 64, 5e-3, 25, 60_000, 25);
    private static final int STEP = 50;

    @TempDir
    Path scratch;

    /** Each contender's costs by row; one training after so many rows, whose challenger is crowned if it passes. */
    private Map<Contender, double[]> run(int rows, int trainAt, Streams.Law law) throws Exception {
        Contract contract = Streams.regression(5_000);
        Map<Contender, double[]> costs = new EnumMap<>(Contender.class);
        EnumSet<Contender> contenders = EnumSet.of(Contender.LINEAR, Contender.FOREST, Contender.STATIC);
        try (Course course = new Course(contract, SMALL, contenders, scratch, () -> false, 1)) {
            Course.Listener listener = measured -> {
                int row = measured.window().partition(measured.row())
                        + 2 * (int) measured.window().offset(measured.row());
                measured.costs().forEach((who, cost) -> costs.computeIfAbsent(who, c -> new double[rows])[row] = cost);
            };
            int[] count = new int[1];
            boolean[] crowned = new boolean[1];
            Streams.feed(contract, rows, 4, law, row -> {
                course.add(row);
                if (++count[0] % STEP == 0) {
                    course.advance(STEP, listener);
                }
                if (count[0] == trainAt) {
                    crowned[0] = train(course);
                }
            });
            assertThat(course.window().freshRows()).isZero();
            assertThat(course.updated().isPresent()).isEqualTo(crowned[0]);
            course.updated().ifPresent(updated -> check(updated, rows - trainAt, costs.get(Contender.CHAMPION)));
            costs.put(Contender.CHAMPION, crowned[0] ? costs.get(Contender.CHAMPION) : new double[0]);
        }
        return costs;
    }

    /** What a champion has learned since it was crowned counts, and what it was asked since, the newest 500. */
    private static void check(Course.Updated updated, int since, double[] costs) {
        assertThat(updated.rows()).isEqualTo(since);
        assertThat(updated.steps()).isBetween(since / LiveModel.STEP_ROWS - 1, since / LiveModel.STEP_ROWS + 1);
        Map<Contender, Losses> paid = updated.paid();
        assertThat(paid.keySet()).doesNotContain(Contender.STATIC).contains(Contender.CONSTANT, Contender.FOREST);
        int newest = Math.min(500, since);
        assertThat(paid.get(Contender.CHAMPION).perRow())
                .containsExactly(Arrays.copyOfRange(costs, costs.length - newest, costs.length));
    }

    private static boolean train(Course course) {
        if (outcome(course) instanceof Passed passed) {
            course.crown(passed, Optional.of(passed.challenger().learned()));
            Course.Updated fresh = course.updated().orElseThrow();
            assertThat(fresh.steps() + fresh.rows()).isZero();
            assertThat(fresh.paid()).isEmpty();
            return true;
        }
        return false;
    }

    private static Outcome outcome(Course course) {
        try {
            return course.train(course.window().cut(), 1);
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static double mean(double[] costs, int from) {
        return Arrays.stream(costs, from, costs.length).average().orElseThrow();
    }

    /** Nothing but a row's own label, which nobody may see, says what it is. */
    @Test
    void noiseCannotBeForetold() throws Exception {
        Map<Contender, double[]> costs = run(2_000, 800, (a, b, region, random) -> random.nextGaussian());
        assertThat(costs.get(Contender.CHAMPION)).as("nothing passed").isEmpty();
        for (Contender who : EnumSet.of(Contender.CONSTANT, Contender.LINEAR, Contender.FOREST, Contender.STATIC)) {
            // The mean absolute deviation of a normal variable is 0.798; its standard error over 1,200 rows 0.017.
            assertThat(mean(costs.get(who), 800)).as(who.label()).isBetween(0.735, 1.2);
        }
        // The difference of two such variables has √2 times that.
        assertThat(mean(costs.get(Contender.NO_CHANGE), 800)).isBetween(1.03, 1.23);
    }

    @Test
    void aRowsOwnTargetChangesNobodysAnswer() throws Exception {
        // The last block makes the linear model due again, so that learning too early would show.
        int rows = 3_500;
        double far = 1e6;
        int[] one = new int[1];
        int[] two = new int[1];
        double[] truth = new double[rows];
        Map<Contender, double[]> plain = run(
                rows, 3_000, (a, b, region, random) -> truth[one[0]++] = Streams.PRODUCT.target(a, b, region, random));
        Map<Contender, double[]> changed = run(
                rows,
                3_000,
                (a, b, region, random) -> Streams.PRODUCT.target(a, b, region, random) + (++two[0] == rows ? far : 0));
        assertThat(plain.get(Contender.CHAMPION)).as("a model passed").isNotEmpty();
        int last = rows - 1;
        for (Contender who : plain.keySet()) {
            // With a target that far above, the cost tells the answer.
            double answer = truth[last] + far - changed.get(who)[last];
            assertThat(Math.abs(answer - truth[last])).as(who.label()).isCloseTo(plain.get(who)[last], within(1e-6));
            assertThat(changed.get(who)[last - 1]).isEqualTo(plain.get(who)[last - 1]);
        }
        assertThat(mean(plain.get(Contender.CHAMPION), 3_000)).isLessThan(mean(plain.get(Contender.LINEAR), 3_000) / 2);
    }

    /** Trained after 7,000 rows, of which so many in each 50 were measured and the others passed over. */
    private Outcome outcome(int measured) throws Exception {
        Contract contract = Streams.regression(10_000);
        try (Course course = new Course(contract, SMALL, EnumSet.of(Contender.LINEAR), scratch, () -> false, 1)) {
            Streams.feed(contract, 7_000, 4, Streams.PRODUCT, row -> {
                course.add(row);
                if (course.window().freshRows() == STEP) {
                    course.skip(STEP - measured);
                    course.advance(STEP, nothing -> {});
                }
            });
            Outcome outcome = course.train(course.window().cut(), 1);
            if (outcome instanceof Passed passed) {
                passed.challenger().close();
            }
            return outcome;
        }
    }

    @Test
    void enoughOfTheNewestRowsJudgeAModelAndFewerDoNot() throws Exception {
        Outcome judged = outcome(40);
        assertThat(judged).isInstanceOf(Passed.class);
        // Four fifths of the newest 1,400 rows.
        assertThat(judged.scores().orElseThrow().rows()).isEqualTo(1_120);
        assertThat(outcome(30)).isInstanceOfSatisfying(Outcome.Rejected.class, none -> {
            assertThat(none.reason()).isEqualTo(Outcome.Reason.NOT_MEASURED);
            assertThat(none.sentence()).contains("1400", "840");
        });
    }

    /** What the trainings after each so many rows say, until one passes. */
    private List<String> sentences(int rows, int every, Streams.Law law) throws Exception {
        Contract contract = Streams.regression(rows);
        List<String> sentences = new ArrayList<>();
        try (Course course = new Course(contract, SMALL, EnumSet.of(Contender.LINEAR), scratch, () -> false, 1)) {
            boolean[] done = new boolean[1];
            Streams.feed(contract, rows, 4, law, row -> {
                if (done[0]) {
                    return;
                }
                course.add(row);
                if (course.window().freshRows() == STEP) {
                    course.advance(STEP, nothing -> {});
                }
                if (course.window().size() % every == 0) {
                    Outcome outcome = outcome(course);
                    sentences.add(outcome.sentence());
                    if (outcome instanceof Passed passed) {
                        passed.challenger().close();
                        done[0] = true;
                    }
                }
            });
        }
        return sentences;
    }

    @Test
    void aSmallGainPassesOnceEnoughRowsInShadowHaveShownIt() throws Exception {
        List<String> sentences = sentences(8_000, 500, (a, b, region, random) -> 0.45 * a * b + random.nextGaussian());
        assertThat(sentences).as("in shadow first").anyMatch(s -> s.endsWith("it goes on in shadow"));
        assertThat(sentences.get(sentences.size() - 1))
                .contains("by more than noise")
                .doesNotContain("but not");
    }

    /** The law turns around slowly; small updates follow it, and the model as it was cannot. */
    @Test
    void theChampionFollowsALawThatDrifts() throws Exception {
        int[] count = new int[1];
        Map<Contender, double[]> costs = run(6_000, 3_000, (a, b, region, random) -> {
            double turned = Math.max(0, count[0]++ - 3_000) / 3_000.0;
            return 3 * (1 - 2 * turned) * a * b + 0.1 * random.nextGaussian();
        });
        assertThat(costs.get(Contender.CHAMPION)).as("a model passed").isNotEmpty();
        assertThat(mean(costs.get(Contender.CHAMPION), 5_000))
                .isLessThan(0.8 * mean(costs.get(Contender.STATIC), 5_000));
    }
}
