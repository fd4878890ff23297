package io.winnow.core.hygiene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.winnow.core.contract.Contract;
import io.winnow.core.contract.Hygiene;
import io.winnow.core.contract.OnRegimeChange;
import io.winnow.core.review.Decision;
import io.winnow.core.row.Row;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A stream whose level shifts for good raises one alarm, and is adapted to or held, as the contract says. */
class RegimeTest {
    private static final int FIELDS = 4;
    private static final int BATCH = 500;
    private static final int SHIFT_AT = 20_000;

    /** What became of a stream, batch by batch. */
    private record Run(List<Regime> regimes, List<Double> aside, Profile last) {
        long alarms() {
            long n = 0;
            for (int i = 1; i < regimes.size(); i++) {
                n += regimes.get(i - 1) == Regime.STEADY && regimes.get(i) == Regime.CHANGING ? 1 : 0;
            }
            return n;
        }

        /** Share set aside over batches {@code [from, to)}. */
        double aside(int from, int to) {
            return aside.subList(from, to).stream()
                    .mapToDouble(Double::doubleValue)
                    .average()
                    .orElseThrow();
        }
    }

    private static Contract contract(OnRegimeChange policy) {
        Contract c = Sources.numbers(FIELDS, 10);
        return c.with(new Hygiene(10, policy));
    }

    private static void fill(Row row, Random random, double level) {
        double common = random.nextGaussian();
        for (int i = 0; i < FIELDS; i++) {
            row.numbers[i] = level * (i + 1) + Math.sqrt(0.5) * (common + random.nextGaussian());
        }
    }

    /** Batches of rows at these levels, one after another. */
    private static Run run(OnRegimeChange policy, long seed, double... levels) {
        Contract contract = contract(policy);
        Random random = new Random(seed);
        List<Row> first = new ArrayList<>();
        for (int i = 0; i < ProfileMaker.COLD_START_ROWS; i++) {
            Row row = new Row(contract);
            fill(row, random, levels[0]);
            first.add(row);
        }
        Profile profile = ProfileMaker.first(contract, Sources.values(contract, first));
        List<Regime> regimes = new ArrayList<>();
        List<Double> aside = new ArrayList<>();
        Row row = new Row(contract);
        for (double level : levels) {
            Judge judge = new Judge(contract, profile);
            Summary accepted = new Summary(profile);
            int refused = 0;
            for (int i = 0; i < BATCH; i++) {
                fill(row, random, level);
                refused += judge.score(row, accepted) >= 10 ? 1 : 0;
            }
            profile = ProfileMaker.next(contract, profile, accepted);
            regimes.add(profile.regime());
            aside.add(refused / (double) BATCH);
        }
        return new Run(regimes, aside, profile);
    }

    private static double[] levels(int batches, int shiftAt, double level) {
        double[] levels = new double[batches];
        for (int i = shiftAt; i < batches; i++) {
            levels[i] = level;
        }
        return levels;
    }

    @ParameterizedTest
    @CsvSource({"8, 1", "8, 2", "20, 3", "1000, 4", "-30, 5"})
    void adaptingEndsTheChangeAndWhatIsSetAsideIsNominalAgain(double level, long seed) {
        int shift = SHIFT_AT / BATCH;
        Run run = run(OnRegimeChange.ADAPT, seed, levels(shift + 120, shift, level));

        assertThat(run.regimes.subList(0, shift)).containsOnly(Regime.STEADY);
        assertThat(run.alarms()).as("no flapping").isEqualTo(1);
        int end = run.regimes.lastIndexOf(Regime.CHANGING) + 1;
        assertThat(end - shift).as("batches until it is over").isBetween(3, 10);
        assertThat(run.aside.get(shift)).isGreaterThan(0.9);
        assertThat(run.aside(end, end + 40)).as("just after it").isLessThan(0.005);
        assertThat(run.aside(end, run.aside.size()) * 1_024).as("over nominal").isBetween(0.5, 2.0);
    }

    @Test
    void holdingLearnsNothingOfWhatIsRefusedAndTheAlarmStaysUp() {
        int shift = SHIFT_AT / BATCH;
        Run before = run(OnRegimeChange.HOLD, 6, levels(shift, shift, 0));
        Run run = run(OnRegimeChange.HOLD, 6, levels(shift + 60, shift, 8));

        assertThat(run.alarms()).isEqualTo(1);
        assertThat(run.regimes.subList(shift + 2, shift + 60)).containsOnly(Regime.CHANGING);
        assertThat(run.aside(shift, shift + 60)).isGreaterThan(0.9);
        assertThat(run.last.rows()).isEqualTo(before.last.rows());
        assertThat(run.last.tally.fields).isEqualTo(before.last.tally.fields);
        assertThat(run.last.tally.views).isEqualTo(before.last.tally.views);
    }

    @ParameterizedTest
    @EnumSource
    void theAlarmEndsOnceTheStreamIsBack(OnRegimeChange policy) {
        int shift = SHIFT_AT / BATCH;
        double[] levels = levels(shift + 60, shift, 8);
        Arrays.fill(levels, shift + 3, levels.length, 0);
        Run run = run(policy, 7, levels);

        assertThat(run.alarms()).isEqualTo(1);
        assertThat(run.last.regime()).isEqualTo(Regime.STEADY);
        assertThat(run.regimes.lastIndexOf(Regime.CHANGING) - shift).isBetween(4, 10);
        assertThat(run.aside(shift + 10, shift + 60) * 1_024).as("over nominal").isLessThan(2);
    }

    @Test
    void releasedRowsEndAHeldChangeToo() {
        Contract contract = contract(OnRegimeChange.HOLD);
        int shift = SHIFT_AT / BATCH;
        Profile profile = run(OnRegimeChange.HOLD, 8, levels(shift + 5, shift, 8)).last;
        Random random = new Random(9);
        Row row = new Row(contract);
        for (int batch = 0; batch < 6; batch++) {
            Judge judge = new Judge(contract, profile);
            Summary accepted = new Summary(profile);
            for (int i = 0; i < BATCH; i++) {
                fill(row, random, 8);
                judge.score(row, accepted);
                fill(row, random, 8);
                judge.learnDecided(Decision.Action.RELEASE, Sources.value(contract, row), accepted);
            }
            profile = ProfileMaker.next(contract, profile, accepted);
        }
        assertThat(profile.regime()).isEqualTo(Regime.STEADY);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.12, 0.2, 0.24})
    void aBurstOfAnomaliesOrASteadyShareOfThemIsNoChange(double share) {
        Contract contract = contract(OnRegimeChange.ADAPT);
        Profile profile = run(OnRegimeChange.ADAPT, 10, levels(SHIFT_AT / BATCH, 0, 0)).last;
        Random random = new Random(11);
        Row row = new Row(contract);
        for (int batch = 0; batch < 60; batch++) {
            Judge judge = new Judge(contract, profile);
            Summary accepted = new Summary(profile);
            for (int i = 0; i < BATCH; i++) {
                boolean burst = batch == 30 && i < BATCH / 2;
                fill(row, random, burst || i % 100 < 100 * share - 8 ? 40 : 0);
                judge.score(row, accepted);
            }
            profile = ProfileMaker.next(contract, profile, accepted);
            assertThat(profile.regime()).isEqualTo(Regime.STEADY);
        }
    }

    @Test
    void theRegimeIsPartOfTheProfile() {
        int shift = SHIFT_AT / BATCH;
        Profile changing = run(OnRegimeChange.HOLD, 12, levels(shift + 4, shift, 8)).last;
        Profile again = Profile.decode(changing.encode());

        assertThat(again.regime()).isEqualTo(Regime.CHANGING);
        assertThat(again.refusedShare()).isEqualTo(changing.refusedShare()).isGreaterThan(Recent.BEGINS);
        assertThat(again.hash()).isEqualTo(changing.hash());
        ProfileHead head = ProfileHead.of(changing.encode());
        assertThat(head).isEqualTo(new ProfileHead(changing.contractHash(), Regime.CHANGING, changing.refusedShare()));
        assertThatIllegalArgumentException().isThrownBy(() -> ProfileHead.of(new byte[] {1, 2, 3}));
    }
}
