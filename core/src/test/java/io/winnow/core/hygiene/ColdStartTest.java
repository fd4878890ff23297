package io.winnow.core.hygiene;

import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.core.contract.Contract;
import io.winnow.core.row.Row;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The first profile, from whatever little there is. */
class ColdStartTest {
    private static final Contract CONTRACT = Sources.numbers(4, 10);

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 20, 63})
    void fewRowsSetNothingAsideAndTheStreamStillLearns(int count) {
        Random random = new Random(41);
        List<Row> few = Sources.rows(CONTRACT, count, random, Random::nextGaussian);
        Profile profile = ProfileMaker.first(CONTRACT, Sources.values(CONTRACT, few));
        Judge judge = new Judge(CONTRACT, profile);
        Summary summary = new Summary(profile);
        for (Row row : few) {
            assertThat(judge.judge(Sources.value(CONTRACT, row), summary).isClean())
                    .isTrue();
        }
        int aside = 0;
        for (int batch = 0; batch < 12; batch++) {
            Profile current = profile;
            Judge next = new Judge(CONTRACT, current);
            Summary accepted = new Summary(current);
            aside += (int) Sources.rows(CONTRACT, 256, random, Random::nextGaussian).stream()
                    .filter(r -> next.score(r, accepted) >= 10)
                    .count();
            profile = ProfileMaker.next(CONTRACT, current, accepted);
        }
        assertThat(aside).as("of 3,072 clean rows").isLessThan(40);
        assertThat(wildShare(profile, random)).isGreaterThan(0.95);
    }

    @Test
    void aTenthOfWildRowsAmongTheFirstDoesNoHarm() {
        Random random = new Random(42);
        List<Row> first = new ArrayList<>(Sources.rows(CONTRACT, 256, random, Random::nextGaussian));
        for (int i = 0; i < 26; i++) {
            first.set(i * 9, wild(random));
        }
        Profile profile = ProfileMaker.first(CONTRACT, Sources.values(CONTRACT, first));
        Judge judge = new Judge(CONTRACT, profile);
        Summary ignored = new Summary(profile);
        long clean = Sources.rows(CONTRACT, 2_000, random, Random::nextGaussian).stream()
                .filter(r -> judge.score(r, ignored) >= 10)
                .count();
        assertThat(clean).isLessThan(20);
        assertThat(profile.sample.rows()).noneMatch(r -> Math.abs(r.numbers[0]) > 1e6);
    }

    @Test
    void undecodableValuesArePassedOver() {
        List<byte[]> good = Sources.values(CONTRACT, Sources.rows(CONTRACT, 100, new Random(43), Random::nextGaussian));
        List<byte[]> mixed = new ArrayList<>();
        for (byte[] value : good) {
            mixed.add("{\"f0\": nonsense".getBytes(StandardCharsets.UTF_8));
            mixed.add(value);
            mixed.add(new byte[0]);
        }
        assertThat(ProfileMaker.first(CONTRACT, mixed).hash())
                .isEqualTo(ProfileMaker.first(CONTRACT, good).hash());
    }

    private static Row wild(Random random) {
        Row row = new Row(CONTRACT);
        for (int i = 0; i < row.numbers.length; i++) {
            row.numbers[i] = (random.nextBoolean() ? 1 : -1) * 1_000 * (1 + random.nextDouble());
        }
        return row;
    }

    private static double wildShare(Profile profile, Random random) {
        Judge judge = new Judge(CONTRACT, profile);
        Summary ignored = new Summary(profile);
        int caught = 0;
        for (int i = 0; i < 200; i++) {
            caught += judge.score(wild(random), ignored) >= 10 ? 1 : 0;
        }
        return caught / 200.0;
    }
}
