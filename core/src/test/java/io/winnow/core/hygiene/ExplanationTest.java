package io.winnow.core.hygiene;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.winnow.core.contract.Contract;
import io.winnow.core.row.Reason;
import io.winnow.core.row.Row;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ExplanationTest {
    private static final Contract MIXED = Sources.MIXED;

    private static Profile learned(long seed) {
        List<Row> rows = Sources.mixed(3_000, seed);
        Profile profile = ProfileMaker.first(MIXED, Sources.values(MIXED, rows.subList(0, 256)));
        for (int from = 256; from < rows.size(); from += 500) {
            Judge judge = new Judge(MIXED, profile);
            Summary summary = new Summary(profile);
            rows.subList(from, Math.min(rows.size(), from + 500)).forEach(row -> judge.score(row, summary));
            profile = ProfileMaker.next(MIXED, profile, summary);
        }
        return profile;
    }

    @Test
    void bitsAreThoseOfTheVerdictToTheLastDigit() {
        Random random = new Random(31);
        for (Profile profile : List.of(
                ProfileMaker.first(MIXED, List.of()),
                ProfileMaker.first(MIXED, Sources.values(MIXED, Sources.mixed(40, 32))),
                learned(33))) {
            Judge judge = new Judge(MIXED, profile);
            Profile published = Profile.decode(profile.encode());
            for (int i = 0; i < 400; i++) {
                Row row = Sources.mixed(random, i);
                row.numbers[1] *= Math.exp(3 * random.nextGaussian());
                byte[] value = Sources.value(MIXED, row);
                Verdict verdict = judge.judge(value, new Summary(profile));
                Explanation explained = Explanation.of(MIXED, published, value);
                assertThat(explained.bits()).isEqualTo(verdict.bits());
                assertThat(explained.profile()).isEqualTo(profile.hash());
                if (!verdict.isClean()) {
                    assertThat(explained.fields().stream()
                                    .map(f -> new FieldBits(f.name(), f.bits()))
                                    .limit(verdict.fields().size()))
                            .containsExactlyInAnyOrderElementsOf(verdict.fields());
                }
            }
        }
    }

    @Test
    void everyFieldAndViewIsThereMostSurprisingFirst() {
        Explanation e = Explanation.of(MIXED, learned(34), Sources.value(MIXED, Sources.mixed(new Random(35), 7)));
        assertThat(e.fields())
                .extracting(Explanation.Field::name)
                .containsExactlyInAnyOrder("a", "b", "site", "on", "due");
        assertThat(e.fields()).isSortedAccordingTo((a, b) -> Double.compare(b.bits(), a.bits()));
        assertThat(e.views())
                .extracting(Explanation.View::name)
                .containsExactlyInAnyOrder("fields", "projections", "gaussian");
        assertThat(e.views()).isSortedAccordingTo((a, b) -> Double.compare(b.bits(), a.bits()));
    }

    @Test
    void aFieldFarBeyondItsRangeIsWhatTheBitsAre() {
        Row row = Sources.mixed(new Random(38), 5);
        row.numbers[1] = 1e9;
        Explanation e = Explanation.of(MIXED, learned(39), Sources.value(MIXED, row));
        assertThat(e.views()).anySatisfy(view -> {
            assertThat(view.name()).isEqualTo("range");
            assertThat(view.bits()).isGreaterThan(e.threshold()).isLessThanOrEqualTo(e.bits());
        });
        assertThat(e.fields().get(0).name()).isEqualTo("b");
    }

    @Test
    void aValueFallsWhereItLies() {
        Profile profile = learned(36);
        Histogram ordinary = histogram(profile, 0);
        assertThat(Arrays.stream(ordinary.rows()).sum()).isCloseTo(1, within(0.03));
        assertThat(ordinary.mark()).isBetween(0, Histogram.COLUMNS - 1);
        double width = (ordinary.to() - ordinary.from()) / Histogram.COLUMNS;
        assertThat(0.0)
                .isBetween(
                        ordinary.from() + ordinary.mark() * width - 1e-9,
                        ordinary.from() + (ordinary.mark() + 1) * width + 1e-9);
        assertThat(histogram(profile, 1e9).mark()).isEqualTo(Histogram.COLUMNS);
        assertThat(histogram(profile, -1e9).mark()).isEqualTo(-1);
        assertThat(histogram(profile, Double.NaN).mark()).isEqualTo(Histogram.NOWHERE);
    }

    private static Histogram histogram(Profile profile, double b) {
        Row row = Sources.mixed(new Random(37), 3);
        row.numbers[1] = b;
        return Objects.requireNonNull(field(Explanation.of(MIXED, profile, Sources.value(MIXED, row)), "b")
                .histogram());
    }

    private static Explanation.Field field(Explanation explanation, String name) {
        return explanation.fields().stream()
                .filter(f -> f.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void categoriesAndMissingValuesHaveShares() {
        Profile profile = learned(38);
        Row row = Sources.mixed(new Random(39), 5);
        row.categories[2] = "site-1";
        row.numbers[0] = Double.NaN;
        Explanation e = Explanation.of(MIXED, profile, Sources.value(MIXED, row));
        assertThat(field(e, "site").share()).isBetween(0.15, 0.35);
        assertThat(field(e, "site").value()).isEqualTo("'site-1'");
        assertThat(field(e, "a").share()).isBetween(0.005, 0.05);
        assertThat(field(e, "a").value()).isEqualTo("missing");
    }

    @Test
    void aConstantFieldCanBeDrawn() {
        Contract contract = Sources.numbers(2, 10);
        Row row = new Row(contract);
        Arrays.fill(row.numbers, 7);
        byte[] value = Sources.value(contract, row);
        Profile profile = ProfileMaker.first(contract, java.util.Collections.nCopies(300, value));
        Explanation e = Explanation.of(contract, profile, value);
        assertThat(e.fields())
                .allSatisfy(f ->
                        assertThat(Objects.requireNonNull(f.histogram()).mark()).isBetween(0, Histogram.COLUMNS - 1));
    }

    @Test
    void whatCannotBeScoredIsExplainedByItsReason() {
        Profile profile = learned(40);
        Explanation e = Explanation.of(MIXED, profile, "{\"a\":".getBytes(StandardCharsets.UTF_8));
        assertThat(Objects.requireNonNull(e.defect()).reason()).isEqualTo(Reason.MALFORMED);
        assertThat(e.bits()).isNaN();
        assertThat(e.fields()).isEmpty();
        assertThat(Objects.requireNonNull(Explanation.of(MIXED, profile, null).defect())
                        .reason())
                .isEqualTo(Reason.MALFORMED);
    }

    @Test
    void anotherContractsProfileIsRefused() {
        assertThatThrownBy(() -> Explanation.of(Sources.numbers(2, 10), learned(41), null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("another contract");
    }
}
