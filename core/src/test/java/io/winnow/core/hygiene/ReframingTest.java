package io.winnow.core.hygiene;

import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.core.contract.Contract;
import io.winnow.core.row.Row;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A field that leaves its frame gets a new one, and the stream goes on. */
class ReframingTest {
    private static final Contract CONTRACT = Sources.numbers(4, 10);
    private final Random random = new Random(71);

    @Test
    void aSlowDriftMovesTheFrameAndSetsHardlyAnythingAside() {
        Profile profile = ProfileMaker.first(CONTRACT, Sources.values(CONTRACT, rows(256, 0, 1, 0.05)));
        int aside = 0;
        for (int batch = 0; batch < 100; batch++) {
            Judge judge = new Judge(CONTRACT, profile);
            Summary accepted = new Summary(profile);
            for (Row row : rows(300, batch * 0.1, 1, 0.05)) {
                aside += judge.score(row, accepted) >= 10 ? 1 : 0;
            }
            profile = ProfileMaker.next(CONTRACT, profile, accepted);
        }
        assertThat(profile.frame.generation).isBetween(1, 10);
        assertThat(profile.frame.center[0]).isGreaterThan(3);
        assertThat(aside).as("of 30,000 rows").isLessThan(900);
    }

    @Test
    void framesThatMoveAgainAndAgainKeepCountsBounded() {
        Profile profile = ProfileMaker.first(CONTRACT, Sources.values(CONTRACT, rows(256, 0, 1, 0)));
        for (int batch = 0; batch < 60; batch++) {
            // A released or adopted level.
            profile = ProfileMaker.next(
                    CONTRACT, profile, learned(profile, rows(1_000, batch % 2 == 0 ? 1_000 : 0, 1, 0.3)));
            assertThat(profile.tally.largestColumn()).isLessThan(26_000L * Tally.ONE);
        }
        assertThat(profile.frame.generation).isGreaterThan(10);
        // Missing values stay as surprising as their share, not more.
        Row row = rows(1, 0, 1, 0).get(0);
        assertThat(profile.scorer().score(row)).isLessThan(10);
    }

    @Test
    void aConstantFieldThatStartsToVaryIsLearned() {
        Profile profile = ProfileMaker.first(CONTRACT, Sources.values(CONTRACT, rows(256, 5, 0, 0)));
        int lastAside = 0;
        for (int batch = 0; batch < 20; batch++) {
            Judge judge = new Judge(CONTRACT, profile);
            Summary accepted = new Summary(profile);
            lastAside = 0;
            for (Row row : rows(300, 5, batch < 3 ? 0 : 1e-4, 0)) {
                lastAside += judge.score(row, accepted) >= 10 ? 1 : 0;
            }
            profile = ProfileMaker.next(CONTRACT, profile, accepted);
        }
        assertThat(profile.frame.scale[0]).isLessThan(0.01);
        assertThat(lastAside).isLessThan(15);
    }

    /** All its rows lay in one cell of the old frame, not at that cell's middle. */
    @Test
    void aFieldThatNarrowsIsKnownWhereItLies() {
        Profile wide = ProfileMaker.first(CONTRACT, Sources.values(CONTRACT, rows(256, 0, 1, 0)));
        while (wide.isYoung()) {
            wide = ProfileMaker.next(CONTRACT, wide, learned(wide, rows(1_000, 0, 1, 0)));
        }
        Profile narrow = ProfileMaker.next(CONTRACT, wide, learned(wide, rows(4_000, 0.005, 1e-6, 0)));
        assertThat(narrow.frame.scale[0]).isLessThan(0.001);
        long all = 0;
        long here = 0;
        for (int i = 0; i < Grid.CELLS; i++) {
            all += narrow.tally.fields[i];
            here += Math.abs(Grid.middle(i)) < 8 ? narrow.tally.fields[i] : 0;
        }
        assertThat(here).as("of %s", all).isGreaterThan(all / 2);
    }

    /** Of a few values a spread is luck: frame after frame would be made, and each begin with a sample alone. */
    @Test
    void whatAFieldIsNowAndThenIsNoSpread() {
        Profile profile = ProfileMaker.first(CONTRACT, Sources.values(CONTRACT, rows(256, 5, 0, 0)));
        for (int batch = 0; batch < 20; batch++) {
            List<Row> rows = rows(1_000, 5, 0, 0);
            for (int i = 0; i < rows.size(); i += 200) {
                rows.get(i).numbers[0] += StrictMath.pow(10, batch % 2 == 0 ? 3 : -3);
            }
            profile = ProfileMaker.next(CONTRACT, profile, learned(profile, rows));
        }
        assertThat(profile.frame.generation).isZero();
    }

    /** What is learned of rows, whatever their bits. */
    private static Summary learned(Profile profile, List<Row> rows) {
        Summary accepted = new Summary(profile);
        Scorer scorer = profile.scorer();
        for (Row row : rows) {
            scorer.score(row);
            scorer.learn(accepted.tally());
            scorer.count(accepted.tally());
            accepted.tally().recent.note(true);
            accepted.sample().add(row);
        }
        return accepted;
    }

    /** Independent rows; the first field has this level and spread, and the second misses this share. */
    private List<Row> rows(int count, double level, double spread, double missing) {
        List<Row> rows = Sources.rows(CONTRACT, count, random, Random::nextGaussian);
        for (Row row : rows) {
            row.numbers[0] = level + spread * row.numbers[0];
            row.numbers[1] = random.nextDouble() < missing ? Double.NaN : row.numbers[1];
        }
        return rows;
    }
}
