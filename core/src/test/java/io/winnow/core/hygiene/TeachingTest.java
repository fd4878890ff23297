package io.winnow.core.hygiene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.winnow.core.contract.Contract;
import io.winnow.core.review.Decision.Action;
import io.winnow.core.row.Row;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What decisions teach: bounded, in any order the same, nothing where there is nothing to tell apart. */
class TeachingTest {
    private static final Contract MIXED = Sources.MIXED;
    private static final Profile PROFILE = grown(ProfileMaker.first(MIXED, values(256, 61)), 3_000, 62);

    private static List<byte[]> values(int rows, long seed) {
        return Sources.values(MIXED, Sources.mixed(rows, seed));
    }

    private static Profile grown(Profile from, int rows, long seed) {
        Profile profile = from;
        List<Row> all = Sources.mixed(rows, seed);
        for (int at = 0; at < rows; at += 500) {
            Judge judge = new Judge(MIXED, profile);
            Summary summary = new Summary(profile);
            all.subList(at, Math.min(rows, at + 500)).forEach(row -> judge.score(row, summary));
            profile = ProfileMaker.next(MIXED, profile, summary);
        }
        return profile;
    }

    /** Odd rows: what is high in {@code b} is discarded, what is low in it, or odd in {@code a}, released. */
    private static List<Row> odd(int count, long seed) {
        Random random = new Random(seed);
        return IntStream.range(0, count)
                .mapToObj(i -> {
                    Row row = Sources.mixed(random, i);
                    row.numbers[i % 3 == 0 ? 0 : 1] += (i % 3 == 1 ? 30 : -30) * (1 + random.nextDouble());
                    return row;
                })
                .toList();
    }

    private static Action decision(Row row) {
        return row.numbers[1] > 15 ? Action.DISCARD : Action.RELEASE;
    }

    private static Summary taught(Profile profile, List<Row> rows) {
        Judge judge = new Judge(MIXED, profile);
        Summary summary = new Summary(profile);
        rows.forEach(row -> judge.teach(decision(row), row, summary));
        return summary;
    }

    @Test
    void whatWasDecidedOneWayOnlyChangesNoBits() {
        for (boolean high : new boolean[] {true, false}) {
            List<Row> rows =
                    odd(300, 63).stream().filter(r -> r.numbers[1] > 15 == high).toList();
            Profile same = ProfileMaker.next(MIXED, PROFILE, taught(PROFILE, rows));
            assertThat(same.decisions()).isEqualTo(rows.size());
            Profile laterUntaught = grown(PROFILE, 500, 64);
            Scorer taught = grown(same, 500, 64).scorer();
            Scorer untaught = laterUntaught.scorer();
            assertThat(taught.taughtWeights()).containsOnly(0);
            for (int v = 0; v < Frame.VIEWS; v++) {
                taught.score(rows.get(v));
                untaught.score(rows.get(v));
                assertThat(taught.viewBits()).isEqualTo(untaught.viewBits());
            }
            Judge before = new Judge(MIXED, PROFILE);
            Judge after = new Judge(MIXED, same);
            for (Row row : Sources.mixed(200, 65)) {
                assertThat(after.bits(row)).isEqualTo(before.bits(row));
            }
        }
    }

    @Test
    void anOrdinaryRowTeachesNothing() {
        Random random = new Random(89);
        // At the time that the profile knows: the field 'due' goes with it.
        List<Row> rows = IntStream.range(2_600, 3_000)
                .mapToObj(i -> Sources.mixed(random, i))
                .toList();
        Judge judge = new Judge(MIXED, PROFILE);
        Summary summary = new Summary(PROFILE);
        rows.forEach(row -> judge.teach(Action.DISCARD, row, summary));
        long surprising = rows.stream().filter(row -> judge.bits(row) >= 4).count();
        assertThat(summary.lessons().discarded.rows())
                .isEqualTo((int) surprising)
                .isLessThan(60);
    }

    @Test
    void orderAndGroupingLeaveNoTrace() {
        List<Row> rows = new ArrayList<>(odd(120, 66));
        String expected =
                ProfileMaker.next(MIXED, PROFILE, taught(PROFILE, rows)).hash();
        Random random = new Random(67);
        for (int i = 0; i < 4; i++) {
            Collections.shuffle(rows, random);
            Summary merged = taught(PROFILE, rows.subList(0, 50));
            merged.merge(Summary.decode(taught(PROFILE, rows.subList(50, 120)).encode()));
            assertThat(ProfileMaker.next(MIXED, PROFILE, merged).hash()).isEqualTo(expected);
        }
    }

    @Test
    void decisionsOutliveTheFrameThatTheyWereTakenIn() {
        Profile moved = new Profile(
                PROFILE.frame.moved(PROFILE.frame.center, PROFILE.frame.scale),
                PROFILE.tally,
                PROFILE.sample,
                PROFILE.lessons,
                PROFILE.shifted,
                PROFILE.rows(),
                PROFILE.seen(),
                PROFILE.cut());
        Summary older = taught(PROFILE, odd(30, 68));
        assertThat(ProfileMaker.next(MIXED, moved, older).decisions()).isEqualTo(30);
        Summary newer = new Summary(moved);
        newer.merge(older);
        assertThat(newer.isEmpty()).isFalse();
        assertThat(newer.rows()).isZero();
        older.merge(new Summary(moved));
        assertThat(older.lessons().rows()).isEqualTo(30);
    }

    @Test
    void whatWasDiscardedBecomesMoreSurprisingAndWhatWasReleasedLess() {
        Profile taught = grown(ProfileMaker.next(MIXED, PROFILE, taught(PROFILE, odd(150, 69))), 5_000, 70);
        assertThat(taught.lessons.strength).isEqualTo(Lessons.FULL);
        Judge after = new Judge(MIXED, taught);
        Judge before = new Judge(MIXED, grown(PROFILE, 5_000, 70));
        Random random = new Random(71);
        for (int i = 0; i < 50; i++) {
            Row high = Sources.mixed(random, i);
            Row low = high.copy();
            high.numbers[1] = 20 + random.nextDouble();
            low.numbers[1] = -20 - random.nextDouble();
            assertThat(after.bits(high) - after.bits(low)).isGreaterThan(before.bits(high) - before.bits(low) + 1);
        }
    }

    @Test
    void itGainsStrengthOnlyAsFastAsTheCalibrationCounts() {
        Profile taught = ProfileMaker.next(MIXED, PROFILE, taught(PROFILE, odd(150, 72)));
        assertThat(taught.lessons.strength).isZero();
        int last = 0;
        for (int i = 0; i < 7; i++) {
            taught = grown(taught, 500, 73 + i);
            assertThat(taught.lessons.strength).isBetween(last + 1, last + Lessons.FULL / 8);
            last = taught.lessons.strength;
        }
        int before = taught.decisions();
        Profile more = ProfileMaker.next(MIXED, taught, taught(taught, odd(150, 81)));
        assertThat(more.decisions()).isGreaterThan(before + 50);
        assertThat(more.lessons.strength)
                .as("the new ones are yet to be followed")
                .isEqualTo(last * before / more.decisions());
    }

    @Test
    void noDecisionsMoveARowByMoreThanTheBound() {
        Random random = new Random(82);
        for (int round = 0; round < 20; round++) {
            List<Row> rows = new ArrayList<>(odd(20 + random.nextInt(200), 83 + round));
            Judge judge = new Judge(MIXED, PROFILE);
            Summary summary = new Summary(PROFILE);
            double odds = random.nextDouble();
            rows.forEach(
                    row -> judge.teach(random.nextDouble() < odds ? Action.DISCARD : Action.RELEASE, row, summary));
            Profile taught = grown(ProfileMaker.next(MIXED, PROFILE, summary), 2_500, 110);
            Scorer scorer = taught.scorer();
            for (Row row : odd(60, 111 + round)) {
                row.numbers[0] *= Math.exp(20 * random.nextGaussian());
                assertThat(scorer.score(row)).isNotNaN().isNotNegative();
                assertThat(scorer.taughtFactor()).isBetween(1 / Teaching.MAX_FACTOR, Teaching.MAX_FACTOR);
            }
        }
    }

    @Test
    void oldDecisionsFadeAndLeaveTheirMeans() {
        Lessons lessons = taught(PROFILE, odd(900, 84)).lessons();
        Lessons many = Lessons.none(PROFILE.frame.layout);
        for (int i = 0; i < 12; i++) {
            many = many.next(lessons, 500);
            assertThat(many.rows()).isLessThanOrEqualTo(Lessons.REMEMBERED + 1);
        }
        for (int part = 0; part < Parts.of(PROFILE.frame.layout).count(); part++) {
            assertThat(many.discarded.mean(part)).isCloseTo(lessons.discarded.mean(part), within(0.05));
            assertThat(many.released.mean(part)).isCloseTo(lessons.released.mean(part), within(0.05));
        }
    }

    @Test
    void manyMoreThanAnybodyDecidesAtOnceOverflowNothing() {
        int[] most = new int[Parts.of(PROFILE.frame.layout).count()];
        Arrays.fill(most, Lessons.evidence(1e9));
        Summary summary = new Summary(PROFILE);
        for (int i = 0; i < 200_100; i++) {
            summary.lesson(true, most);
        }
        assertThat(Summary.decode(summary.encode()).lessons().rows()).isEqualTo(200_000);
        assertThat(ProfileMaker.next(MIXED, PROFILE, summary).decisions()).isLessThanOrEqualTo(Lessons.REMEMBERED);
    }

    @Test
    void theGateStaysWhereItIsForWhatTheTruthCallsClean() {
        Contract contract = Sources.numbers(5, 10);
        Random random = new Random(85);
        Profile profile = ProfileMaker.first(contract, Sources.values(contract, gaussians(contract, 256, random)));
        List<Row> top = new ArrayList<>();
        int aside = 0;
        int measured = 0;
        for (int step = 0; step < 120; step++) {
            Judge judge = new Judge(contract, profile);
            Summary summary = new Summary(profile);
            for (Row row : gaussians(contract, 1_000, random)) {
                double bits = judge.score(row, summary);
                if (step < 20) {
                    top.add(row);
                } else if (step >= 24) {
                    measured++;
                    aside += bits >= 10 ? 1 : 0;
                }
            }
            if (step == 19) {
                top.sort(Comparator.comparingDouble(judge::bits).reversed());
                // Half of them: there is nothing to tell apart but how surprising they are.
                for (int i = 0; i < 100; i++) {
                    judge.teach(i < 50 ? Action.DISCARD : Action.RELEASE, top.get(i), summary);
                }
            }
            profile = ProfileMaker.next(contract, profile, summary);
        }
        assertThat(Arrays.stream(profile.scorer().taughtWeights())
                        .map(Math::abs)
                        .max()
                        .orElse(0))
                .isPositive();
        assertThat(aside / (measured / 1_024.0)).isBetween(0.5, 2.0);
    }

    private static List<Row> gaussians(Contract contract, int count, Random random) {
        return Sources.rows(contract, count, random, Random::nextGaussian);
    }

    @Test
    void anExplanationShowsWhatWeighsAndTheBitsAreThoseOfTheVerdict() {
        Profile taught = grown(ProfileMaker.next(MIXED, PROFILE, taught(PROFILE, odd(150, 86))), 5_000, 87);
        Row row = odd(2, 88).get(1);
        byte[] value = Sources.value(MIXED, row);
        Verdict verdict = new Judge(MIXED, taught).judge(value, new Summary(taught));
        Explanation explained = Explanation.of(MIXED, Profile.decode(taught.encode()), value);
        assertThat(explained.bits()).isEqualTo(verdict.bits());
        TaughtFactor shown = Objects.requireNonNull(explained.taught());
        assertThat(shown.discarded() + shown.released()).isEqualTo(150);
        assertThat(shown.strength()).isEqualTo(1);
        assertThat(shown.factor()).isGreaterThan(1.1);
        assertThat(shown.parts())
                .filteredOn(p -> p.name().equals("b high"))
                .singleElement()
                .satisfies(p -> assertThat(p.gain()).isPositive());
        assertThat(shown.parts()).isSortedAccordingTo((p, q) -> Double.compare(Math.abs(q.gain()), Math.abs(p.gain())));
        assertThat(verdict.detail()).contains("(earlier decisions: ×");
        assertThat(Explanation.of(MIXED, PROFILE, value).taught()).isNull();
    }
}
