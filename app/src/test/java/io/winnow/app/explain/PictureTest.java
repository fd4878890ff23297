package io.winnow.app.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.app.terminal.Terminal;
import io.winnow.core.contract.Contract;
import io.winnow.core.contract.ContractReader;
import io.winnow.core.hygiene.Explanation;
import io.winnow.core.hygiene.Judge;
import io.winnow.core.hygiene.Profile;
import io.winnow.core.hygiene.ProfileMaker;
import io.winnow.core.hygiene.Summary;
import io.winnow.core.review.Decision;
import io.winnow.core.row.Reason;
import io.winnow.core.topic.RecordId;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PictureTest {
    private static final Contract CONTRACT = ContractReader.parse("""
            stream: mill
            features:
              - {name: line, type: category}
              - {name: load, type: number}
            """, "mill.yaml");

    private static final Profile PROFILE = profile();

    private static Profile profile() {
        Random random = new Random(11);
        return ProfileMaker.first(
                CONTRACT,
                Stream.generate(() -> bytes("{\"line\":\"n\",\"load\":" + random.nextGaussian() + "}"))
                        .limit(256)
                        .toList());
    }

    private static byte[] bytes(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }

    private static List<String> draw(String json) {
        return draw(PROFILE, json);
    }

    private static List<String> draw(Profile profile, String json) {
        byte[] value = bytes(json);
        Explanation explanation = Explanation.of(CONTRACT, profile, value);
        JudgedRecord record = new JudgedRecord(
                new RecordId("mill.raw", 0, 17),
                value,
                "mill.raw",
                profile.hash(),
                explanation.defect() == null ? null : Reason.MALFORMED,
                "",
                null,
                explanation.bits());
        return Picture.lines(record, explanation, Terminal.standard());
    }

    private static int line(List<String> lines, String start) {
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).startsWith(start)) {
                return i;
            }
        }
        throw new AssertionError(start + " in " + lines);
    }

    @Test
    void whatDecisionsTaughtHasALineOfItsOwn() {
        assertThat(draw("{\"line\":\"n\",\"load\":9}")).noneMatch(l -> l.startsWith("taught"));
        Judge judge = new Judge(CONTRACT, PROFILE);
        Summary decided = new Summary(PROFILE);
        Random random = new Random(12);
        for (int i = 0; i < 60; i++) {
            boolean high = i % 2 == 0;
            Decision.Action action = high ? Decision.Action.DISCARD : Decision.Action.RELEASE;
            judge.learnDecided(action, bytes("{\"line\":\"n\",\"load\":" + (high ? 9 : -9) + "}"), decided);
        }
        for (int i = 0; i < 500; i++) {
            judge.judge(bytes("{\"line\":\"n\",\"load\":" + random.nextGaussian() + "}"), decided);
        }
        Profile taught = ProfileMaker.next(CONTRACT, PROFILE, decided);
        List<String> lines = draw(taught, "{\"line\":\"n\",\"load\":9}");
        assertThat(lines.get(line(lines, "taught ×1.")))
                .contains("by 30 discards and 30 releases, 13 % in force:")
                .contains("load high +");
    }

    @Test
    void theMarkStandsUnderTheColumnOfTheValue() {
        List<String> lines = draw("{\"line\":\"n\",\"load\":0}");
        int load = line(lines, "load");
        int mark = lines.get(load + 1).indexOf('▲');
        assertThat(mark).isPositive();
        assertThat("▅▆▇█").contains(lines.get(load).substring(mark, mark + 1));
    }

    @Test
    void aValueOffTheRangeIsMarkedBesideIt() {
        List<String> lines = draw("{\"line\":\"n\",\"load\":1e6}");
        assertThat(lines.get(line(lines, "load") + 1)).endsWith("▸");
        lines = draw("{\"line\":\"n\",\"load\":-1e6}");
        assertThat(lines.get(line(lines, "load") + 1)).endsWith("◂");
    }

    @Test
    void theMostSurprisingFieldComesFirstAndSharesAreSaid() {
        List<String> lines = draw("{\"line\":\"elsewhere\",\"load\":0}");
        assertThat(line(lines, "line")).isLessThan(line(lines, "load"));
        assertThat(lines.get(line(lines, "line"))).contains("'elsewhere'", "in 0.00 % of rows");
        lines = draw("{\"line\":\"n\"}");
        assertThat(lines.get(line(lines, "load") + 1)).contains("missing in 0.00 % of rows");
    }

    @Test
    void whatCannotBeScoredIsNotDrawn() {
        assertThat(draw("nonsense"))
                .anyMatch(l -> l.startsWith("not scored: MALFORMED"))
                .noneMatch(l -> l.contains("views"));
    }

    @Test
    void barsShowWhatIsNotEmpty() {
        assertThat(Picture.bars(new double[] {0, 0.0001, 0.5, 1})).isEqualTo(" ▁▄█");
        assertThat(Picture.bars(new double[] {0, 0})).isEqualTo("  ");
    }
}
