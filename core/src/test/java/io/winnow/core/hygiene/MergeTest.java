package io.winnow.core.hygiene;

import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.core.contract.Contract;
import io.winnow.core.row.Row;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who gathered which rows, and in what order the parts are added up, leaves no trace. */
class MergeTest {
    private static final Contract CONTRACT = Sources.MIXED;
    private static final Profile PROFILE =
            ProfileMaker.first(CONTRACT, Sources.values(CONTRACT, Sources.mixed(256, 11)));

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 7})
    void anyGroupingInAnyOrderIsTheSameSummaryAndTheSameProfile(int judges) {
        Random random = new Random(judges);
        List<Row> rows = new ArrayList<>(Sources.mixed(3_000, 12));
        // A repeated row that differs in its time alone, and values whose Java hashes collide.
        for (int i = 0; i < 300; i++) {
            Row again = rows.get(i).copy();
            again.eventTime += 86_400_000L * (1 + i % 5);
            rows.add(again);
            Row twin = rows.get(i).copy();
            twin.categories[2] = i % 2 == 0 ? "Aa" : "BB";
            rows.add(twin);
            Row other = twin.copy();
            other.categories[2] = i % 2 == 0 ? "BB" : "Aa";
            rows.add(other);
        }
        Summary expected = gather(rows);
        for (int round = 0; round < 6; round++) {
            Collections.shuffle(rows, random);
            List<Summary> parts = new ArrayList<>();
            for (int j = 0; j < judges; j++) {
                int from = rows.size() * j / judges;
                parts.add(gather(rows.subList(from, rows.size() * (j + 1) / judges)));
            }
            Summary merged = mergeInRandomTree(parts, random);
            assertThat(merged.rows()).isEqualTo(expected.rows());
            assertThat(merged.encode()).as("%d judges", judges).isEqualTo(expected.encode());
            assertThat(ProfileMaker.next(CONTRACT, PROFILE, merged).hash())
                    .isEqualTo(ProfileMaker.next(CONTRACT, PROFILE, expected).hash());
        }
    }

    @Test
    void theLineageIsTheSameWhicheverWayItsSummariesWereSplit() {
        List<Row> rows = Sources.mixed(6_000, 13);
        Profile whole = PROFILE;
        Profile split = PROFILE;
        for (int from = 0; from < rows.size(); from += 500) {
            List<Row> batch = rows.subList(from, from + 500);
            whole = ProfileMaker.next(CONTRACT, whole, gather(whole, batch));
            Summary parts = gather(split, batch.subList(123, 500));
            parts.merge(Summary.decode(gather(split, batch.subList(0, 123)).encode()));
            split = ProfileMaker.next(CONTRACT, split, parts);
            assertThat(split.hash()).isEqualTo(whole.hash());
        }
    }

    @Test
    void anEmptySummaryAddsNothing() {
        Summary summary = gather(Sources.mixed(50, 14));
        byte[] before = summary.encode();
        summary.merge(new Summary(PROFILE));
        assertThat(summary.encode()).isEqualTo(before);
        Summary cleared = gather(Sources.mixed(50, 14));
        cleared.clear();
        assertThat(cleared.encode()).isEqualTo(new Summary(PROFILE).encode());
        assertThat(ProfileMaker.next(CONTRACT, PROFILE, cleared).hash()).isEqualTo(PROFILE.hash());
    }

    private static Summary gather(List<Row> rows) {
        return gather(PROFILE, rows);
    }

    private static Summary gather(Profile profile, List<Row> rows) {
        Judge judge = new Judge(CONTRACT, profile);
        Summary summary = new Summary(profile);
        rows.forEach(row -> judge.score(row, summary));
        return summary;
    }

    private static Summary mergeInRandomTree(List<Summary> parts, Random random) {
        List<Summary> left = new ArrayList<>(parts);
        while (left.size() > 1) {
            Summary into = left.remove(random.nextInt(left.size()));
            into.merge(left.remove(random.nextInt(left.size())));
            left.add(into);
        }
        return left.get(0);
    }
}
