package io.winnow.trainer.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.winnow.core.contract.Contract;
import io.winnow.core.contract.ContractReader;
import io.winnow.core.row.Row;
import io.winnow.trainer.Streams;
import io.winnow.trainer.TorchTest;
import io.winnow.trainer.archive.ModelSpec.Shape;
import io.winnow.trainer.archive.OptimizerSpec;
import io.winnow.trainer.evaluation.Challenger;
import io.winnow.trainer.evaluation.Contender;
import io.winnow.trainer.evaluation.Outcome.Passed;
import io.winnow.trainer.evaluation.Trial;
import io.winnow.trainer.learn.Hyperparameters;
import io.winnow.trainer.window.Label;
import io.winnow.trainer.window.LiveWindow;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rows whose labels come later: answered when they come, scored when the label comes, and only then learned. */
@ExtendWith(TorchTest.class)
class LateCourseTest {
    private static final Hyperparameters SMALL =
            new Hyperparameters(new Shape(32, 2, 0.1), OptimizerSpec.DEFAULT, 64, 5e-3, 25, 60_000, 25);
    private static final int BLOCK = 10;
    /** Rows are an hour apart. */
    private static final long HOUR = 3_600_000;

    @TempDir
    Path scratch;

    private static Contract contract(String type) {
        return ContractReader.parse(Streams.yaml(type, 5_000) + "labels: {within: 50h}\n", "test.yaml");
    }

    /** A label for the row, so many rows after it. */
    private static Label label(Row row, int number, int delay) {
        return new Label(
                0,
                number,
                row.eventTime + delay * HOUR + 1,
                number % 3,
                null,
                row.eventTime,
                row.targetNumber,
                row.targetCategory);
    }

    /** What a course costs whose labels come so many rows later. */
    private static final class Late {
        final Map<Contender, double[]> costs = new EnumMap<>(Contender.class);
        /** How many rows had come when a row was scored. */
        final Map<Integer, Integer> scoredAt = new HashMap<>();

        int count;
        boolean crowned;
    }

    private Late run(String type, int rows, int delay, int trainAt, Streams.Law law) throws Exception {
        Contract contract = contract(type);
        Late late = new Late();
        EnumSet<Contender> contenders = EnumSet.of(Contender.LINEAR, Contender.FOREST);
        try (Course course = new Course(contract, SMALL, contenders, scratch, () -> false, 1)) {
            Course.Listener listener = measured -> {
                int row = measured.window().partition(measured.row())
                        + 2 * (int) measured.window().offset(measured.row());
                assertThat(late.scoredAt.put(row, late.count)).as("scored once").isNull();
                measured.costs()
                        .forEach((who, cost) -> late.costs.computeIfAbsent(who, c -> new double[rows])[row] = cost);
            };
            Label[] labels = new Label[rows];
            Streams.feed(contract, rows, 4, law, row -> {
                int number = late.count++;
                labels[number] = label(row.row(), number, delay);
                row.row().targetNumber = Double.NaN;
                row.row().targetCategory = null;
                course.add(row);
                if (number >= delay) {
                    course.window().add(labels[number - delay]);
                }
                if (late.count % BLOCK == 0) {
                    course.advance(BLOCK, listener);
                    course.settle(listener);
                    course.forget(row.timestamp());
                }
                if (late.count == trainAt) {
                    late.crowned = train(course);
                }
            });
            assertThat(course.held()).as("those of the last 50 hours").isEqualTo(Math.min(delay, 51));
        }
        return late;
    }

    private static boolean train(Course course) {
        try {
            if (course.train(course.window().cut(), 1) instanceof Passed passed) {
                course.crown(passed, Optional.of(passed.challenger().learned()));
                return true;
            }
            return false;
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static double mean(double[] costs, int from, int to) {
        return Arrays.stream(costs, from, to).average().orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(strings = {"number", "category"})
    void aModelIsTrainedAndJudgedByLabelsThatComeLater(String type) throws Exception {
        Late late = run(type, 4_000, 24, 3_000, type.equals("number") ? Streams.PRODUCT : Streams.SIGN);
        assertThat(late.crowned).isTrue();
        assertThat(late.scoredAt).hasSize(4_000 - 24);
        late.scoredAt.forEach((row, count) -> assertThat(count - row).isBetween(24, 24 + BLOCK));
        assertThat(mean(late.costs.get(Contender.CHAMPION), 3_050, 3_976))
                .isLessThan(mean(late.costs.get(Contender.LINEAR), 3_050, 3_976) / 2);
    }

    @Test
    void aRowsOwnLabelChangesNobodysAnswerToItNorToThoseThatCameBeforeTheLabel() throws Exception {
        int rows = 3_400;
        int changed = 3_300;
        double far = 1e6;
        int[] two = new int[1];
        Late plain = run("number", rows, 24, 3_000, Streams.PRODUCT);
        Late other = run(
                "number",
                rows,
                24,
                3_000,
                (a, b, region, random) ->
                        Streams.PRODUCT.target(a, b, region, random) + (two[0]++ == changed ? far : 0));
        assertThat(plain.crowned).isTrue();
        for (Contender who : plain.costs.keySet()) {
            double[] before = plain.costs.get(who);
            double[] after = other.costs.get(who);
            // Of a row with a target that far above, the cost tells the answer.
            assertThat(Math.abs(far - after[changed])).as(who.label()).isCloseTo(before[changed], within(1e-6));
            for (int row = changed - 50; row < changed + 24; row++) {
                if (row != changed) {
                    assertThat(after[row]).as("%s, row %s", who.label(), row).isEqualTo(before[row]);
                }
            }
        }
        // Later it is known, and the baseline that says the last value again is far off for a row of each key.
        assertThat(other.costs.get(Contender.NO_CHANGE)[changed + 27]).isGreaterThan(far / 2);
    }

    @Test
    void answersWhoseLabelNeverComesInTimeAreForgotten() throws Exception {
        Late late = run("number", 1_000, 51, 5_000, Streams.PRODUCT);
        assertThat(late.scoredAt).isEmpty();
    }

    /** A walk can be foretold from its last step alone: whoever knew labels too early would look far too good. */
    @Test
    void aHoldoutIsAnsweredWithTheLabelsThatWereThere() throws Exception {
        double[] walk = new double[1];
        Streams.Law law = (a, b, region, random) -> walk[0] += random.nextGaussian();
        double soon = holdout(1, law);
        double late = holdout(16, law);
        // |N(0, 1)| has mean 0.8; what a walk does over n steps is √n times that. A key has every third row.
        assertThat(soon).isLessThan(2.5);
        assertThat(late).isGreaterThan(2.6);
    }

    private double holdout(int delay, Streams.Law law) throws Exception {
        Contract contract = contract("number");
        LiveWindow live = new LiveWindow(contract);
        Label[] labels = new Label[3_000];
        int[] count = new int[1];
        Streams.feed(contract, labels.length, 4, law, row -> {
            int number = count[0]++;
            labels[number] = label(row.row(), number, delay);
            row.row().targetNumber = Double.NaN;
            live.add(row);
            if (number >= delay) {
                live.add(labels[number - delay]);
            }
        });
        try (Challenger challenger = new Trial(scratch, SMALL, () -> false)
                .challenger(live.cut(), Optional.empty(), 1, (learned, w, h, s) -> {})) {
            return challenger.losses().mean();
        }
    }
}
