package io.winnow.monitoring.topology;

import static io.winnow.monitoring.Fixtures.release;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.winnow.core.hygiene.Profile;
import io.winnow.core.hygiene.Regime;
import io.winnow.core.row.Reason;
import io.winnow.core.topic.DqHeaders;
import io.winnow.monitoring.Fixtures;
import io.winnow.monitoring.cases.Again;
import io.winnow.monitoring.cases.Case;
import io.winnow.monitoring.cases.CaseState;
import io.winnow.monitoring.cases.CaseView;
import io.winnow.monitoring.cases.Cursor;
import io.winnow.monitoring.cases.KeptRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was set aside while the stream changed is judged again once it has changed, and offered for release. */
class RegimeChangeTest {
    private static final List<ShiftedStream.Batch> STREAM = ShiftedStream.of(5, 40);
    private static final Duration TICK = Duration.ofMillis(200);

    @TempDir
    private Path stateDir;

    private DeskDriver desk;

    @BeforeEach
    void start() {
        desk = new DeskDriver(stateDir, Duration.ZERO);
    }

    @AfterEach
    void stop() {
        desk.close();
    }

    private static List<ShiftedStream.Batch> until(Regime regime) {
        List<Regime> regimes = STREAM.stream().map(b -> b.profile().regime()).toList();
        int changing = regimes.indexOf(Regime.CHANGING);
        int end = regimes.lastIndexOf(Regime.CHANGING) + 1;
        assertThat(changing).isBetween(1, STREAM.size() - 10);
        assertThat(end).isBetween(changing + 1, STREAM.size() - 5);
        return STREAM.subList(0, regime == Regime.CHANGING ? changing + 1 : end + 1);
    }

    private void play(List<ShiftedStream.Batch> batches) {
        for (ShiftedStream.Batch batch : batches) {
            batch.aside().forEach(desk::arrives);
            desk.published(batch.profile(), batch.at());
        }
    }

    private List<KeptRecord> aside(List<ShiftedStream.Batch> batches, boolean faults) {
        return batches.stream()
                .flatMap(b -> b.aside().stream())
                .filter(r -> r.timestamp() >= ShiftedStream.shiftAt())
                .filter(r -> isFault(r) == faults)
                .toList();
    }

    private static boolean isFault(KeptRecord record) {
        return ShiftedStream.isFault(Objects.requireNonNull(record.value()));
    }

    private List<Case> acceptedNow() {
        List<Case> all = new ArrayList<>();
        Cursor after = null;
        do {
            CaseView.Page page =
                    desk.cases.page(new CaseView.Query(CaseState.OPEN, EnumSet.allOf(Reason.class), true, after, 50));
            all.addAll(page.cases());
            after = page.next();
        } while (after != null);
        return all;
    }

    private void passes(int ticks) {
        for (int i = 0; i < ticks; i++) {
            desk.passes(TICK);
        }
    }

    @Test
    void whileItLastsTheDeskSaysSoAndOffersNothing() {
        play(until(Regime.CHANGING));
        passes(3);
        assertThat(desk.cases.regime().changingSince())
                .isBetween(ShiftedStream.shiftAt() - 120_000, ShiftedStream.shiftAt());
        assertThat(desk.cases.regime().acceptedNow()).isZero();
        assertThat(acceptedNow()).isEmpty();
    }

    @Test
    void onceItHasEndedWronglyHeldCasesAreOfferedAndFaultsAreNot() {
        List<ShiftedStream.Batch> all = until(Regime.STEADY);
        Profile last = all.get(all.size() - 1).profile();
        play(all);
        assertThat(desk.cases.regime().pending()).isTrue();
        passes(3);

        List<KeptRecord> held = aside(all, false);
        List<KeptRecord> faults = aside(all, true);
        assertThat(held).hasSizeGreaterThan(20);
        assertThat(faults).isNotEmpty();
        assertThat(desk.cases.regime().pending()).isFalse();
        assertThat(desk.cases.regime().changingSince()).isNull();
        assertThat(desk.cases.regime().ended())
                .isEqualTo(all.get(all.size() - 1).at());
        List<Case> offered = acceptedNow();
        assertThat(desk.cases.regime().acceptedNow()).isEqualTo(offered.size());
        assertThat(offered.size() / (double) held.size()).isGreaterThan(0.95);
        assertThat(offered).allSatisfy(c -> {
            Again again = Objects.requireNonNull(c.again());
            assertThat(again.bits()).isLessThan(10);
            assertThat(again.profile()).isEqualTo(last.hash());
            assertThat(c.finding().bits()).isGreaterThan(10);
            assertThat(c.timestamp()).isGreaterThanOrEqualTo(ShiftedStream.shiftAt());
        });
        for (KeptRecord fault : faults) {
            Case c = desk.cases.find(fault.id()).orElseThrow();
            assertThat(c.again()).as("judged again").isNotNull();
            assertThat(c.isAcceptedNow()).as("and still set aside").isFalse();
        }
        for (Case c : desk.list(CaseState.OPEN).cases()) {
            assertThat(c.again() != null)
                    .as("what was set aside long before is left alone")
                    .isEqualTo(c.timestamp() >= ShiftedStream.shiftAt());
        }
    }

    @Test
    void theAuditHasItsBeginAndItsEndOnce() throws IOException {
        List<ShiftedStream.Batch> all = until(Regime.STEADY);
        ShiftedStream.Batch last = all.get(all.size() - 1);
        all.forEach(batch -> desk.published(batch.profile(), batch.at()));
        desk.published(last.profile(), last.at());

        List<TestRecord<byte[], byte[]>> events = desk.audited();
        assertThat(events).hasSize(2).allSatisfy(event -> {
            assertThat(DqHeaders.text(event.headers().lastHeader("content-type").value()))
                    .startsWith("application/cloudevents+json");
            assertThat(event.key()).isNull();
        });
        JsonNode began = new JsonMapper().readTree(events.get(0).value());
        JsonNode ended = new JsonMapper().readTree(events.get(1).value());
        assertThat(began.path("type").asText()).isEqualTo(RegimeAudit.BEGAN);
        assertThat(ended.path("type").asText()).isEqualTo(RegimeAudit.ENDED);
        assertThat(began.path("specversion").asText()).isEqualTo("1.0");
        assertThat(began.path("source").asText()).isEqualTo("/winnow/streams/grid");
        assertThat(began.path("id")).isNotEqualTo(ended.path("id"));
        assertThat(ended.at("/data/lastSteady")).isEqualTo(began.at("/data/lastSteady"));
        assertThat(ended.at("/data/ended").asText())
                .isEqualTo(Instant.ofEpochMilli(last.at()).toString());
        assertThat(ended.at("/data/profile").asText()).isEqualTo(last.profile().hash());
    }

    @Test
    void aRecordThatShowsOnlyAfterTheEndIsJudgedAgainAtOnce() {
        List<ShiftedStream.Batch> all = until(Regime.STEADY);
        KeptRecord late = aside(all, false).get(10);
        for (ShiftedStream.Batch batch : all) {
            desk.published(batch.profile(), batch.at());
        }
        passes(3);
        assertThat(desk.cases.regime().pending()).isFalse();
        desk.arrives(late);
        assertThat(desk.cases.find(late.id()).orElseThrow().isAcceptedNow()).isTrue();
        assertThat(desk.cases.regime().acceptedNow()).isEqualTo(1);
        assertThat(desk.cases.regime().judgedAgain()).isEqualTo(1);
    }

    @Test
    void aReleaseTakesACaseOffTheOffer() {
        play(until(Regime.STEADY));
        passes(3);
        Case one = acceptedNow().get(0);
        long before = desk.cases.regime().acceptedNow();
        desk.decides(release("d1", one.id()));
        assertThat(desk.released()).hasSize(1);
        assertThat(desk.cases.regime().acceptedNow()).isEqualTo(before - 1);
        assertThat(acceptedNow()).extracting(Case::id).doesNotContain(one.id());
        assertThat(desk.cases.find(one.id()).orElseThrow().again()).isNotNull();
    }

    @Test
    void profilesOfAnotherContractAndWhatIsNoProfileChangeNothing() {
        ShiftedStream.Batch changing =
                until(Regime.CHANGING).get(until(Regime.CHANGING).size() - 1);
        desk.profiles.pipeInput(new byte[] {1}, new byte[] {2});
        desk.profiles.pipeInput((byte[]) null, changing.profile().encode());
        desk.profiles.pipeInput(new byte[] {1}, (byte[]) null);
        desk.arrives(Fixtures.surprising(Fixtures.id(0, 1), Fixtures.START, "{}"));
        assertThat(desk.cases.regime().changingSince()).isNull();
        assertThat(desk.cases.counts().of(CaseState.OPEN)).isEqualTo(1);
    }
}
