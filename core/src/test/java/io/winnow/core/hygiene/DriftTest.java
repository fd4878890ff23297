package io.winnow.core.hygiene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.winnow.core.contract.Contract;
import io.winnow.core.contract.FeatureType;
import io.winnow.core.row.Row;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DriftTest {
    private static final Contract CONTRACT = Sources.features(
            List.of(
                    FeatureType.NUMBER,
                    FeatureType.NUMBER,
                    FeatureType.CATEGORY,
                    FeatureType.BOOLEAN,
                    FeatureType.NUMBER),
            10);
    private static final int CONSTANT = 4;

    private final Random random = new Random(71);

    /** A normal number, a log-normal one, one of four sites, a flag, a constant. */
    private Row ordinary() {
        Row row = new Row(CONTRACT);
        row.numbers[0] = random.nextGaussian();
        row.numbers[1] = Math.exp(random.nextGaussian());
        row.categories[2] = "site-" + Math.min(random.nextInt(5), 3);
        row.numbers[3] = random.nextInt(10) == 0 ? 1 : 0;
        row.numbers[CONSTANT] = 3;
        return row;
    }

    private Profile learned() {
        List<Row> first = new ArrayList<>();
        for (int i = 0; i < 256; i++) {
            first.add(ordinary());
        }
        Profile profile = ProfileMaker.first(CONTRACT, Sources.values(CONTRACT, first));
        for (int batch = 0; batch < 20; batch++) {
            profile = ProfileMaker.next(CONTRACT, profile, gather(profile, 500, row -> {}));
        }
        return profile;
    }

    private Summary gather(Profile profile, int rows, Consumer<Row> change) {
        Judge judge = new Judge(CONTRACT, profile);
        Summary summary = new Summary(profile);
        for (int i = 0; i < rows; i++) {
            Row row = ordinary();
            change.accept(row);
            judge.score(row, summary);
        }
        return summary;
    }

    private List<FieldDrift> after(Consumer<Row> change) {
        Profile profile = learned();
        DriftWindow window = new DriftWindow(CONTRACT);
        window.add(gather(profile, 3_000, change), profile);
        return window.against(profile);
    }

    private static void assertOnlyDrifts(List<FieldDrift> drifts, @Nullable Integer field) {
        for (int i = 0; i < drifts.size(); i++) {
            FieldDrift drift = drifts.get(i);
            assertThat(drift.field()).isEqualTo("f" + i);
            assertThat(drift.jensenShannonBits()).isBetween(0.0, 1.0);
            if (field != null && i == field) {
                assertThat(drift.psi()).as(drift.toString()).isGreaterThan(0.25);
                assertThat(drift.jensenShannonBits()).as(drift.toString()).isGreaterThan(0.03);
            } else {
                assertThat(drift.psi()).as(drift.toString()).isBetween(0.0, 0.08);
                assertThat(drift.jensenShannonBits()).as(drift.toString()).isLessThan(0.015);
            }
        }
    }

    @Test
    void knownValues() {
        FieldDrift drift = DriftWindow.drift("x", new double[] {50, 50}, new double[] {900, 100});
        assertThat(drift.psi()).isCloseTo(0.878890, within(1e-6));
        assertThat(drift.jensenShannonBits()).isCloseTo(0.146793, within(1e-6));

        FieldDrift same = DriftWindow.drift("x", new double[] {10, 30, 0}, new double[] {100, 300, 0});
        assertThat(same.psi()).isZero();
        assertThat(same.jensenShannonBits()).isZero();

        FieldDrift disjoint = DriftWindow.drift("x", new double[] {100, 0}, new double[] {0, 100});
        assertThat(disjoint.jensenShannonBits()).isEqualTo(1);
        // Half a row stands for none: 2 × (0.995 ln 200) and not infinity.
        assertThat(disjoint.psi()).isCloseTo(2 * 0.995 * Math.log(200), within(1e-9));

        assertThat(DriftWindow.drift("x", new double[] {1}, new double[] {0}).psi())
                .isNaN();
    }

    @Test
    void rowsAsBeforeAreNoDrift() {
        assertOnlyDrifts(after(row -> {}), null);
    }

    @Test
    void aLevelThatShiftsByOneDeviationIs() {
        assertOnlyDrifts(after(row -> row.numbers[0] += 1), 0);
    }

    @Test
    void aSpreadThatDoublesIs() {
        assertOnlyDrifts(after(row -> row.numbers[1] = Math.exp(2 * random.nextGaussian())), 1);
    }

    @Test
    void soAreACategoryThatTakesOverOneThatIsNewAndAFlag() {
        assertOnlyDrifts(after(row -> row.categories[2] = random.nextInt(2) == 0 ? "site-0" : row.categories[2]), 2);
        assertOnlyDrifts(after(row -> row.categories[2] = random.nextInt(5) == 0 ? "new" : row.categories[2]), 2);
        assertOnlyDrifts(after(row -> row.numbers[3] = random.nextInt(3) == 0 ? 1 : row.numbers[3]), 3);
    }

    @Test
    void soAreMissingValuesAndAConstantThatMoves() {
        assertOnlyDrifts(after(row -> row.numbers[0] = random.nextInt(5) == 0 ? Double.NaN : row.numbers[0]), 0);
        assertOnlyDrifts(after(row -> row.numbers[CONSTANT] = random.nextInt(5) == 0 ? 4 : 3), CONSTANT);
        assertOnlyDrifts(after(row -> row.numbers[CONSTANT] = random.nextInt(5) == 0 ? -4 : 3), CONSTANT);
    }

    @Test
    void whatIsRefusedIsSeenToo() {
        assertOnlyDrifts(after(row -> row.numbers[0] += 1_000), 0);
    }

    @Test
    void aFewRowsSayNothingAndOldOnesFade() {
        Profile profile = learned();
        DriftWindow window = new DriftWindow(CONTRACT);
        assertThat(profile.rows()).isBetween(9_000L, 10_256L);
        window.add(gather(profile, 2_200, row -> {}), profile);
        assertThat(window.against(profile))
                .as("fewer than a quarter of what the profile knows")
                .allMatch(d -> Double.isNaN(d.psi()));
        window.add(gather(profile, 2_600, row -> row.numbers[0] += 1), profile);
        assertThat(window.against(profile).get(0).psi()).isGreaterThan(0.2);
        for (int i = 0; i < 12; i++) {
            window.add(gather(profile, 1_500, row -> {}), profile);
        }
        assertThat(window.against(profile).get(0).psi()).isLessThan(0.03);
    }

    /** The largest index of the first field from so many rows on, while profiles learn what its mean does. */
    private double largest(int from, int to, IntToDoubleFunction mean) {
        Profile profile = learned();
        DriftWindow window = new DriftWindow(CONTRACT);
        double largest = 0;
        AtomicInteger n = new AtomicInteger();
        while (n.get() < to) {
            Summary summary = gather(profile, 1_000, row -> row.numbers[0] += mean.applyAsDouble(n.getAndIncrement()));
            window.add(summary, profile);
            largest = n.get() < from
                    ? largest
                    : Math.max(largest, window.against(profile).get(0).psi());
            profile = ProfileMaker.next(CONTRACT, profile, summary);
        }
        return largest;
    }

    @Test
    void aFieldThatGoesRoundIsNoDrift() {
        for (int rows : new int[] {5_000, 10_000, 20_000}) {
            assertThat(largest(20_000, 60_000, n -> 2 * Math.sin(2 * Math.PI * n / rows)))
                    .as("once in %d rows", rows)
                    .isLessThan(0.2);
        }
    }

    @Test
    void aStepIsOneThoughItIsLearnedInTime() {
        assertThat(largest(20_000, 20_000, n -> 0)).isLessThan(0.05);
        assertThat(largest(20_000, 50_000, n -> n < 20_000 ? 0 : 3)).isGreaterThan(0.25);
    }

    @Test
    void binsHoldEqualSharesAndSpikesStandAlone() {
        double[] even = new double[100];
        Arrays.fill(even, 7);
        int[] bins = DriftBins.ofCells(even);
        assertThat(bins[0]).isZero();
        assertThat(bins[99]).isEqualTo(9);
        for (int b = 0; b < 10; b++) {
            int wanted = b;
            assertThat(Arrays.stream(bins).filter(bin -> bin == wanted).count()).isEqualTo(10);
        }
        assertThat(DriftBins.ofCells(new double[] {0, 0, 5, 0, 0})).containsExactly(0, 0, 1, 2, 2);
        assertThat(DriftBins.ofCells(new double[] {0, 90, 0, 0, 10, 0})).containsExactly(0, 1, 2, 2, 3, 4);
        assertThat(DriftBins.ofCells(new double[5])).containsOnly(0);
        assertThat(DriftBins.ofBuckets(new double[] {0, 5, 9, 0})).containsExactly(0, 2, 1, 0);
    }
}
