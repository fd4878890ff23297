package io.winnow.core.hygiene;

import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.core.backtest.HistoryJudge;
import io.winnow.core.contract.Contract;
import io.winnow.core.contract.Hygiene;
import io.winnow.core.contract.OnRegimeChange;
import io.winnow.core.row.Row;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A field that never varied begins to: the stream has changed, and that is known within a few hundred rows. */
class ConstantsTest {
    private static final int FIELDS = 4;
    private static final int BEFORE = 15_000;
    private static final double GATE = 10;

    private final Random random = new Random(3);
    private int refused;
    private int alarms;
    private Regime last = Regime.STEADY;

    private void run(Contract contract, int rows, DoubleSupplier field, HistoryJudge judge) {
        for (int i = 0; i < rows; i++) {
            Row row = new Row(contract);
            for (int f = 0; f < FIELDS - 1; f++) {
                row.numbers[f] = random.nextGaussian();
            }
            row.numbers[FIELDS - 1] = field.getAsDouble();
            if (judge.add(Sources.values(contract, List.of(row)).get(0), row)) {
                judge.judge();
            }
        }
        judge.judge();
    }

    private HistoryJudge judge(Contract contract) {
        return new HistoryJudge(contract, (number, row, bits, judge) -> {
            refused += number >= BEFORE && bits >= GATE ? 1 : 0;
            Regime now = judge.profile().regime();
            alarms += last == Regime.STEADY && now == Regime.CHANGING ? 1 : 0;
            last = now;
        });
    }

    private static Contract contract(OnRegimeChange policy) {
        return Sources.numbers(FIELDS, GATE).with(new Hygiene(GATE, policy));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.003467, 0, -0.4})
    void aFieldThatBeginsToVaryIsLearnedSoon(double constant) {
        Contract contract = contract(OnRegimeChange.ADAPT);
        HistoryJudge judge = judge(contract);
        run(contract, BEFORE, () -> constant, judge);
        assertThat(last).isEqualTo(Regime.STEADY);
        run(contract, 20_000, () -> constant + random.nextDouble(), judge);

        assertThat(alarms).isEqualTo(1);
        assertThat(last).isEqualTo(Regime.STEADY);
        assertThat(refused).as("clean rows set aside").isBetween(100, 700);
    }

    @Test
    void aShortBurstIsNoChange() {
        Contract contract = contract(OnRegimeChange.ADAPT);
        HistoryJudge judge = judge(contract);
        run(contract, BEFORE, () -> 0, judge);
        run(contract, 100, () -> 1 + random.nextDouble(), judge);
        run(contract, 5_000, () -> 0, judge);
        assertThat(alarms).isZero();
        assertThat(refused).isGreaterThan(95);
    }

    @Test
    void whatIsHeldStaysSetAsideUntilItIsConstantAgain() {
        Contract contract = contract(OnRegimeChange.HOLD);
        HistoryJudge judge = judge(contract);
        run(contract, BEFORE, () -> 0, judge);
        run(contract, 5_000, () -> 1 + random.nextDouble(), judge);
        assertThat(last).isEqualTo(Regime.CHANGING);
        assertThat(refused).isGreaterThan(4_900);
        run(contract, 10_000, () -> 0, judge);
        assertThat(last).isEqualTo(Regime.STEADY);
        assertThat(alarms).isEqualTo(1);
    }
}
