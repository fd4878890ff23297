package io.winnow.core.hygiene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.winnow.core.backtest.HistoryJudge;
import io.winnow.core.contract.Contract;
import io.winnow.core.row.Row;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ShiftedScoresTest {
    private static final int FIELDS = 6;
    private static final double GATE = 10;
    private static final int CHANGE = 6_000;
    private static final int SETTLED = 3_000;
    private static final int MEASURED = 5_000;

    private static final int VIEWS = Frame.VIEWS + 1;

    private final Random random = new Random(7);

    /** Scores of one view, as a share counts them. */
    private int[] share(int view, int rows, double center) {
        int[] cells = new int[VIEWS * Grid.CELLS];
        for (int i = 0; i < rows; i++) {
            cells[view * Grid.CELLS + Grid.cell(random.nextGaussian() + center)]++;
        }
        return cells;
    }

    private int[] remembered(int rows) {
        int[] all = new int[VIEWS * Grid.CELLS];
        for (int v = 0; v < VIEWS; v++) {
            Tally.add(all, share(v, rows, 0), Tally.ONE);
        }
        return all;
    }

    private static ShiftedScores next(ShiftedScores before, int[] remembered, int[] fresh) {
        double[] room = new double[VIEWS];
        Arrays.fill(room, 10_000);
        return before.next(remembered, fresh, room, Tally.ONE, true);
    }

    @Test
    void chanceIsNoShift() {
        int[] remembered = remembered(20_000);
        for (int i = 0; i < 1_000; i++) {
            assertThat(next(ShiftedScores.NONE, remembered, share(1, 256, 0)).isEmpty())
                    .isTrue();
        }
    }

    @Test
    void theViewThatShiftsForgetsAndTheOthersDoNot() {
        ShiftedScores shifted = next(ShiftedScores.NONE, remembered(5_000), share(1, 256, 0.7));
        assertThat(shifted.isEmpty()).isFalse();
        assertThat(Tally.scores(shifted.views(), 1)).isCloseTo(5_000 * 0.2 + 256, within(100.0));
        assertThat(Tally.scores(shifted.views(), 0)).isEqualTo(5_000);
        ShiftedScores later = next(shifted, remembered(5_000), share(0, 256, 0));
        assertThat(Tally.scores(later.views(), 0)).isEqualTo(5_256);
    }

    @Test
    void fewRowsSayLittleAndNoneNothing() {
        int[] remembered = remembered(20_000);
        assertThat(next(ShiftedScores.NONE, remembered, share(1, 5, 0.7)).isEmpty())
                .isTrue();
        assertThat(next(ShiftedScores.NONE, new int[VIEWS * Grid.CELLS], share(1, 300, 1))
                        .isEmpty())
                .isTrue();
    }

    @Test
    void itRemembersNoMoreThanItHasRoomFor() {
        ShiftedScores shifted = next(ShiftedScores.NONE, remembered(5_000), share(2, 256, 1));
        int[] none = new int[VIEWS * Grid.CELLS];
        ShiftedScores bounded = shifted.next(none, share(2, 100, 1), new double[] {0, 0, 500, 0}, Tally.ONE, false);
        assertThat(Tally.scores(bounded.views(), 2)).isCloseTo(600, within(30.0));
        assertThat(Tally.scores(bounded.views(), 0)).isZero();
    }

    @Test
    void aProfileKeepsThemThroughItsBytes() {
        Contract contract = Sources.numbers(FIELDS, GATE);
        Profile[] last = new Profile[1];
        HistoryJudge judge = new HistoryJudge(contract, (number, row, bits, by) -> last[0] = by.profile());
        run(contract, judge, 2_000);
        assertThat(last[0].shifted.isEmpty()).isTrue();
        run(contract, judge, CHANGE + SETTLED);
        assertThat(last[0].shifted.isEmpty()).isFalse();
        Profile read = Profile.decode(last[0].encode());
        assertThat(read.hash()).isEqualTo(last[0].hash());
        assertThat(read.shifted.views()).isEqualTo(last[0].shifted.views());
    }

    /**
     * A young stream whose rows become three times as wild: the body's bits mean again what they say after 3,000 rows. Without
     * this a row in four has the bit that one in two should have, for 8,000.
     */
    @Test
    void aYoungCalibrationFollows() {
        Contract contract = Sources.numbers(FIELDS, GATE);
        long[] atLeast = new long[4];
        HistoryJudge judge = new HistoryJudge(contract, (number, row, bits, by) -> {
            for (int b = 0; number >= CHANGE + SETTLED && b < atLeast.length; b++) {
                atLeast[b] += bits >= b ? 1 : 0;
            }
        });
        run(contract, judge, CHANGE + SETTLED + MEASURED);
        for (int b = 1; b < atLeast.length; b++) {
            double nominal = MEASURED * Math.pow(2, -b);
            assertThat(atLeast[b] / nominal)
                    .as("rows with %d bits or more, over nominal", b)
                    .isBetween(0.5, 2.0);
        }
    }

    /** Rows that become three times as wild after {@link #CHANGE}. */
    private void run(Contract contract, HistoryJudge judge, int rows) {
        for (int i = 0; i < rows; i++) {
            Row row = new Row(contract);
            for (int f = 0; f < FIELDS; f++) {
                row.numbers[f] = random.nextGaussian() * (i < CHANGE ? 1 : 3);
            }
            if (judge.add(Sources.values(contract, List.of(row)).get(0), row)) {
                judge.judge();
            }
        }
        judge.judge();
    }
}
