package io.winnow.trainer.baseline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.winnow.core.contract.Contract;
import io.winnow.core.row.Row;
import io.winnow.trainer.Streams;
import io.winnow.trainer.evaluation.Losses;
import io.winnow.trainer.window.CleanRow;
import io.winnow.trainer.window.CleanRow.Standing;
import io.winnow.trainer.window.History;
import io.winnow.trainer.window.LiveWindow;
import io.winnow.trainer.window.LiveWindow.Block;
import org.junit.jupiter.api.Test;

class BaselinesTest {
    private final Contract contract = Streams.regression(5_000);
    private int added;

    private void add(LiveWindow live, long key, double target, Standing standing) {
        Row row = new Row(contract);
        row.eventTime = 1_000 + added;
        row.targetNumber = target;
        live.add(new CleanRow(0, added, added, row.eventTime, key, standing, row));
        added++;
    }

    private static double[] ask(Baseline baseline, LiveWindow live) {
        Block block = live.block(1_000);
        History history = new History(block.window());
        double[] answers = baseline.answers(block, history);
        baseline.learn(block, history);
        return answers;
    }

    @Test
    void noChangeIsTheKeysLastAcceptedTarget() {
        LiveWindow live = new LiveWindow(contract);
        NoChange baseline = new NoChange();
        add(live, 1, 10, Standing.ACCEPTED);
        add(live, 2, 30, Standing.ACCEPTED);
        add(live, 1, 12, Standing.ACCEPTED);
        assertThat(ask(baseline, live)).containsExactly(0, 0, 10);
        add(live, 1, 999, Standing.ASIDE);
        add(live, 1, Double.NaN, Standing.ACCEPTED);
        add(live, 1, 14, Standing.ACCEPTED);
        add(live, 2, 31, Standing.ACCEPTED);
        // A key that nothing is known of gets the median of what was learned: 10, 12, 30.
        add(live, 3, 5, Standing.ACCEPTED);
        assertThat(ask(baseline, live)).containsExactly(12, 12, 12, 30, 12);
    }

    @Test
    void aConstantIsTheMedianOfWhatMayBeLearned() {
        LiveWindow live = new LiveWindow(contract);
        Constant baseline = new Constant();
        add(live, 1, 1, Standing.ACCEPTED);
        add(live, 1, 2, Standing.RELEASED);
        add(live, 1, 10, Standing.ACCEPTED);
        add(live, 1, 500, Standing.ASIDE);
        add(live, 1, 600, Standing.ASIDE);
        add(live, 1, Double.NaN, Standing.ACCEPTED);
        assertThat(ask(baseline, live)).containsOnly(0).hasSize(6);
        add(live, 1, 7, Standing.ACCEPTED);
        assertThat(ask(baseline, live)).containsExactly(2);
    }

    /** The mean cost of the last rows of a stream, each asked about before it is learned. */
    private static double cost(Contract contract, Streams.Law law, int rows, int last) {
        LiveWindow live = new LiveWindow(contract);
        Refitted baseline = new Refitted(new Linear(), contract.derive(), 5_000);
        double[] sum = new double[1];
        int[] count = new int[1];
        Streams.feed(contract, rows, 5, law, row -> {
            live.add(row);
            count[0]++;
            if (live.freshRows() == 100) {
                Block block = live.block(100);
                History history = new History(block.window());
                double[] answers = baseline.answers(block, history);
                baseline.learn(block, history);
                for (int i = 0; i < 100 && count[0] > rows - last; i++) {
                    sum[0] += Losses.cost(block.window(), block.rows()[i], answers[i]) / last;
                }
            }
        });
        return sum[0];
    }

    @Test
    void ridgeRecoversALinearLaw() {
        double cost = cost(contract, (a, b, region, random) -> 100 + 3 * a - 2 * b, 1_000, 400);
        // Without a model it would be about 2.9.
        assertThat(cost).isLessThan(0.05);
        assertThat(cost(contract, Streams.PRODUCT, 1_000, 400))
                .as("no linear law")
                .isGreaterThan(1);
    }

    @Test
    void logisticRegressionSeparatesTwoClasses() {
        Contract classes = Streams.classification(5_000);
        assertThat(cost(classes, (a, b, region, random) -> a + b > 0 ? 1 : 0, 1_000, 400))
                .isLessThan(0.1);
        assertThat(cost(classes, Streams.SIGN, 1_000, 400)).as("no linear law").isCloseTo(0.5, within(0.1));
        assertThat(cost(classes, (a, b, region, random) -> 1, 1_000, 400))
                .as("one class")
                .isZero();
    }

    @Test
    void aClassThatTheRowsDoNotKnowIsAWrongAnswer() {
        Contract classes = Streams.classification(5_000);
        Refitted baseline = new Refitted(new Linear(), classes.derive(), 5_000);
        Constant constant = new Constant();
        LiveWindow live = new LiveWindow(classes);
        Streams.feed(classes, 1_000, 5, Streams.SIGN, live::add);
        Block block = live.block(1_000);
        baseline.learn(block, new History(block.window()));
        constant.learn(block, new History(block.window()));
        LiveWindow other = new LiveWindow(classes);
        Streams.feed(classes, 20, 6, (a, b, region, random) -> 2, other::add);
        Block strange = other.block(20);
        History history = new History(strange.window());
        assertThat(baseline.answers(strange, history)).containsOnly(-1);
        assertThat(constant.answers(strange, history)).containsOnly(-1);
        assertThat(Losses.cost(strange.window(), strange.rows()[0], -1)).isEqualTo(1);
    }
}
