package io.winnow.core.hygiene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.winnow.core.contract.Contract;
import io.winnow.core.contract.FeatureType;
import io.winnow.core.row.Row;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What bits promise: units do not matter, ranks do not tie, and no row is beyond them. */
class BitsTest {
    private static final double[] EXTREMES = {
        0, -0.0, Double.NaN, 1e300, -1e300, Double.MAX_VALUE, -Double.MAX_VALUE, Double.MIN_VALUE, 1e-300, 9e15
    };

    @Test
    void unitsDoNotMatter() {
        Contract contract = Sources.numbers(4, 10);
        List<Row> rows = Sources.rows(contract, 1_000, new Random(61), Random::nextGaussian);
        List<Row> converted = rows.stream().map(BitsTest::convert).toList();
        Profile profile = ProfileMaker.first(contract, Sources.values(contract, rows.subList(0, 256)));
        Profile other = ProfileMaker.first(contract, Sources.values(contract, converted.subList(0, 256)));
        Scorer scorer = profile.scorer();
        Scorer otherScorer = other.scorer();
        int near = 0;
        for (int i = 256; i < rows.size(); i++) {
            // A value on the edge of a cell may round to the next one.
            near += Math.abs(scorer.score(rows.get(i)) - otherScorer.score(converted.get(i))) < 0.01 ? 1 : 0;
        }
        assertThat(near).isGreaterThan(730);
    }

    private static Row convert(Row row) {
        Row copy = row.copy();
        for (int i = 0; i < copy.numbers.length; i++) {
            copy.numbers[i] = copy.numbers[i] * Math.pow(10, i - 2) * 3.7 - 40;
        }
        return copy;
    }

    @Test
    void calibrationRisesStrictlyAlsoFarOut() {
        Random random = new Random(62);
        for (int round = 0; round < 20; round++) {
            int[] counts = new int[Grid.CELLS];
            int n = 1 + random.nextInt(3_000);
            for (int i = 0; i < n; i++) {
                double score = round % 2 == 0 ? random.nextGaussian() : Math.exp(2 * random.nextGaussian());
                counts[Grid.cell(score)] += Tally.ONE;
            }
            Calibration calibration = new Calibration(counts, 0, 5, 2, 13, n);
            double before = -1;
            for (double raw = -40; raw < 1e6; raw += 0.01 + Math.max(0, raw - 5) * 0.01) {
                double bits = calibration.of(raw);
                assertThat(bits).isGreaterThan(before).isFinite();
                before = bits;
            }
        }
    }

    @Test
    void bitsSayHowRareACleanRowIs() {
        int[] counts = new int[Grid.CELLS];
        Random random = new Random(63);
        for (int i = 0; i < 5_000; i++) {
            counts[Grid.cell(random.nextGaussian())] += Tally.ONE;
        }
        Calibration calibration = new Calibration(counts, 0, 0, 1, 13, 5_000);
        assertThat(calibration.of(0)).isCloseTo(1, within(0.1));
        assertThat(calibration.of(1.2816)).isCloseTo(-Math.log(0.1) / Math.log(2), within(0.2));
        assertThat(calibration.of(2.3263)).isCloseTo(-Math.log(0.01) / Math.log(2), within(0.7));
    }

    @ParameterizedTest
    @EnumSource(FeatureType.class)
    void noRowHasInfiniteBitsOrNone(FeatureType type) {
        for (int columns : new int[] {1, 2, 3, 6}) {
            Contract contract = Sources.features(java.util.Collections.nCopies(columns, type), 10);
            for (int history = 0; history < 3; history++) {
                check(contract, history, new Random(64 + columns));
            }
        }
    }

    private static void check(Contract contract, int history, Random random) {
        Profile profile = ProfileMaker.first(contract, List.of());
        Row row = new Row(contract);
        // Constant rows, then ordinary ones, then extreme ones, all of them learned.
        for (int refit = 0; refit < 2; refit++) {
            Scorer scorer = profile.scorer();
            Summary summary = new Summary(profile);
            for (int i = 0; i < 150; i++) {
                for (int f = 0; f < row.numbers.length; f++) {
                    double extreme = EXTREMES[random.nextInt(EXTREMES.length)];
                    set(contract, row, f, history == 0 ? 7 : history == 1 ? random.nextInt(9) : extreme);
                }
                finite(scorer, row);
                scorer.learn(summary.tally());
                scorer.count(summary.tally());
                summary.sample().add(row);
            }
            profile = ProfileMaker.next(contract, profile, summary);
        }
        Scorer scorer = profile.scorer();
        for (double extreme : EXTREMES) {
            for (int f = 0; f < row.numbers.length; f++) {
                set(contract, row, f, extreme);
            }
            finite(scorer, row);
        }
        row.clear();
        finite(scorer, row);
    }

    private static void finite(Scorer scorer, Row row) {
        assertThat(scorer.score(row)).isFinite().isNotNegative();
        assertThat(scorer.rawScores()).doesNotContain(Double.NaN);
        for (double bits : scorer.featureBits(row.numbers.length)) {
            assertThat(bits).isFinite().isNotNegative();
        }
        for (float feature : scorer.features(row.numbers.length)) {
            assertThat(Float.isInfinite(feature)).isFalse();
        }
    }

    private static void set(Contract contract, Row row, int feature, double value) {
        switch (contract.features().get(feature).type()) {
            case CATEGORY -> row.categories[feature] = Double.isNaN(value) ? null : "v" + value;
            case BOOLEAN -> row.numbers[feature] = Double.isNaN(value) ? value : value > 5 ? 1 : 0;
            case NUMBER, TIME -> row.numbers[feature] = value;
        }
    }
}
