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
            Summary accepted = new Summary(profile);
            Scorer scorer = profile.scorer();
            // A released or adopted level: learned whatever its bits.
            for (Row row : rows(1_000, batch % 2 == 0 ? 1_000 : 0, 1, 0.3)) {
                scorer.score(row);
                scorer.learn(accepted.tally());
                scorer.count(accepted.tally());
                accepted.tally().recent.note(true);
                accepted.sample().add(row);
            }
            profile = ProfileMaker.next(CONTRACT, profile, accepted);
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
