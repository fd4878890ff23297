package io.winnow.monitoring.topology;

import static io.winnow.monitoring.Fixtures.START;
import static io.winnow.monitoring.Fixtures.discard;
import static io.winnow.monitoring.Fixtures.id;
import static io.winnow.monitoring.Fixtures.quarantined;
import static io.winnow.monitoring.Fixtures.release;
import static io.winnow.monitoring.Fixtures.surprising;
import static io.winnow.monitoring.Fixtures.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.winnow.core.row.Reason;
import io.winnow.core.topic.DqHeaders;
import io.winnow.core.topic.RecordId;
import io.winnow.monitoring.cases.Case;
import io.winnow.monitoring.cases.CaseState;
import io.winnow.monitoring.cases.CaseView;
import io.winnow.monitoring.cases.Cursor;
import io.winnow.monitoring.cases.KeptRecord;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeskTopologyTest {
    private static final RecordId ID = id(3, 41);

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

    @Test
    void aReleasePutsTheOriginalOnTheCleanTopicOnce() {
        byte[] value = {'{', (byte) 0xff, 0, '}'};
        desk.arrives(quarantined(ID, START, Reason.SURPRISING, value));
        desk.decides(release("d1", ID));

        List<TestRecord<byte[], byte[]>> released = desk.released();
        assertThat(released).hasSize(1);
        TestRecord<byte[], byte[]> record = released.get(0);
        assertThat(record.value()).isEqualTo(value);
        assertThat(record.key()).isEqualTo("site-7".getBytes(StandardCharsets.UTF_8));
        assertThat(record.timestamp()).isEqualTo(START);
        assertThat(headers(record))
                .containsExactly(
                        "trace=a",
                        "trace=b",
                        "dq.id=grid.raw/3/41",
                        "dq.profile=0f1e2d",
                        "dq.bits=14.25",
                        "dq.decision=d1");
        Case c = desk.cases.find(ID).orElseThrow();
        assertThat(c.state()).isEqualTo(CaseState.RELEASED);
        assertThat(c.decision()).isEqualTo(release("d1", ID));
    }

    @Test
    void headersAreReplacedEvenWhereTheyWereForgedOrDoubled() {
        desk.arrives(quarantined(
                ID,
                START,
                Reason.INVALID,
                new byte[] {'{'},
                text(DqHeaders.DECISION, "forged"),
                text(DqHeaders.FEATURES, "x"),
                text(DqHeaders.PROFILE, "later")));
        desk.decides(release("d1", ID));
        assertThat(headers(desk.released().get(0)))
                .containsExactly("trace=a", "trace=b", "dq.id=grid.raw/3/41", "dq.profile=later", "dq.decision=d1");
    }

    @Test
    void tombstonesAndMissingKeysComeBackAsTheyWere() {
        KeptRecord like = quarantined(ID, START, Reason.MALFORMED, new byte[0]);
        desk.arrives(new KeptRecord(ID, START, null, null, like.headers()));
        desk.decides(release("d1", ID));
        TestRecord<byte[], byte[]> record = desk.released().get(0);
        assertThat(record.key()).isNull();
        assertThat(record.value()).isNull();
    }

    @Test
    void aReplayOrARepeatedDecisionReleasesNothingTwice() {
        KeptRecord record = surprising(ID, START, "{}");
        desk.arrives(record);
        desk.decides(release("d1", ID));
        desk.decides(release("d1", ID));
        desk.decides(release("d2", ID));
        desk.arrives(record);
        desk.decides(release("d3", ID));
        assertThat(desk.released()).hasSize(1);
        assertThat(desk.cases.counts().of(CaseState.RELEASED)).isEqualTo(1);
        assertThat(desk.cases.counts().conflicts()).isZero();
        assertThat(desk.cases.counts().replayed()).isEqualTo(1);
    }

    @Test
    void theFirstDecisionWinsAndAContraryOneIsAConflict() {
        desk.arrives(surprising(ID, START, "{}"));
        desk.decides(discard("d1", ID));
        desk.decides(release("d2", ID));
        desk.decides(release("d2", ID));
        assertThat(desk.released()).isEmpty();
        Case c = desk.cases.find(ID).orElseThrow();
        assertThat(c.state()).isEqualTo(CaseState.DISCARDED);
        assertThat(c.decision()).isEqualTo(discard("d1", ID));
        assertThat(c.conflicts()).isEqualTo(1);
        assertThat(c.lastConflict()).isEqualTo(release("d2", ID));
        assertThat(desk.cases.counts().conflicts()).isEqualTo(1);
    }

    @Test
    void aDecisionMayComeBeforeItsCase() {
        desk.decides(release("d1", ID));
        desk.decides(discard("d2", ID));
        assertThat(desk.cases.find(ID)).isEmpty();
        assertThat(desk.released()).isEmpty();

        desk.arrives(surprising(ID, START, "{}"));
        assertThat(desk.released()).hasSize(1);
        Case c = desk.cases.find(ID).orElseThrow();
        assertThat(c.state()).isEqualTo(CaseState.RELEASED);
        assertThat(c.conflicts()).isEqualTo(1);
        assertThat(desk.list(CaseState.OPEN).cases()).isEmpty();
    }

    @Test
    void aRecordInPartsIsShownWholeAndNeverHalfReleased() {
        desk.arrives(quarantined(ID, START, Reason.TOO_LARGE, new byte[] {'b'}, text("dq.part", "2/2")));
        desk.arrives(quarantined(ID, START, Reason.TOO_LARGE, new byte[] {'a'}, text("dq.part", "1/2")));
        desk.arrives(quarantined(ID, START, Reason.TOO_LARGE, new byte[] {'a'}, text("dq.part", "1/2")));
        desk.decides(release("d1", ID));

        assertThat(desk.released()).isEmpty();
        Case c = desk.cases.find(ID).orElseThrow();
        assertThat(c.state()).isEqualTo(CaseState.OPEN);
        assertThat(c.parts()).isEqualTo(2);
        assertThat(c.partsHere()).isEqualTo(2);
        assertThat(c.size()).isEqualTo(2);
        assertThat(desk.cases.record(ID).orElseThrow().value()).isEqualTo(new byte[] {'a', 'b'});
        assertThat(desk.cases.counts().refused()).isEqualTo(1);

        desk.decides(discard("d2", ID));
        assertThat(desk.cases.find(ID).orElseThrow().state()).isEqualTo(CaseState.DISCARDED);
    }

    @Test
    void aHeldReleaseGoesWhenItsHoldEndsAndOnlyOnce() {
        desk.close();
        desk = new DeskDriver(stateDir.resolve("held"), Duration.ofSeconds(30));
        desk.arrives(surprising(ID, START, "{}"));
        desk.decides(release("d1", ID));
        desk.passes(Duration.ofSeconds(29));
        assertThat(desk.released()).isEmpty();
        assertThat(desk.list(CaseState.HELD).cases()).hasSize(1);
        desk.decides(discard("d2", ID));

        desk.passes(Duration.ofSeconds(2));
        desk.passes(Duration.ofSeconds(60));
        assertThat(desk.released()).hasSize(1);
        assertThat(desk.list(CaseState.HELD).cases()).isEmpty();
        assertThat(desk.cases.find(ID).orElseThrow().conflicts()).isEqualTo(1);
    }

    @Test
    void whatCannotBeReadIsCountedAndStopsNothing() {
        desk.quarantine.pipeInput(new byte[0], new byte[0]);
        desk.arrives(quarantined(ID, START, Reason.INVALID, new byte[0], text(DqHeaders.REASON, "NEW_ONE")));
        desk.arrives(quarantined(ID, START, Reason.INVALID, new byte[0], text(DqHeaders.ID, "other.raw/0/1")));
        desk.arrives(quarantined(ID, START, Reason.INVALID, new byte[0], text("dq.part", "1/x")));
        desk.decisions.pipeInput(new byte[0], "{".getBytes(StandardCharsets.UTF_8));
        desk.decisions.pipeInput(new byte[0], (byte[]) null);
        desk.decides(release("d1", new RecordId("other.raw", 0, 1)));
        assertThat(desk.unreadable).hasValue(7);
        assertThat(desk.cases.counts().of(CaseState.OPEN)).isZero();
    }

    @Test
    void pagesAreNewestFirstAndStable() {
        List<RecordId> expected = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            RecordId id = id(i % 3, i);
            Reason reason = Reason.values()[i % 3];
            desk.arrives(quarantined(id, START + 1000L * (i / 2), reason, new byte[] {'{'}));
            expected.add(0, id);
        }
        List<RecordId> seen = new ArrayList<>();
        Cursor after = null;
        do {
            CaseView.Page page =
                    desk.cases.page(new CaseView.Query(CaseState.OPEN, EnumSet.allOf(Reason.class), false, after, 4));
            page.cases().forEach(c -> seen.add(c.id()));
            after = page.next() == null ? null : Cursor.parse(page.next().toString());
            // Cases that come and go before the cursor move nothing after it.
            desk.arrives(surprising(id(0, 1000 + seen.size()), START + 999_000, "{}"));
            desk.decides(discard("d" + seen.size(), seen.get(0)));
        } while (after != null);
        assertThat(seen).isEqualTo(expected);

        CaseView.Page some =
                desk.cases.page(new CaseView.Query(CaseState.OPEN, Set.of(Reason.INVALID), false, null, 100));
        assertThat(some.cases()).hasSize(8).allMatch(c -> c.finding().reason() == Reason.INVALID);
        assertThat(some.next()).isNull();
    }

    @Test
    void aReleaseGoesToTheRawPartitionOrNowhere() {
        assertThat(new RoutedKey(3, null).checked("grid.clean", 4)).isEqualTo(3);
        assertThatThrownBy(() -> new RoutedKey(4, null).checked("grid.clean", 4))
                .hasMessageContaining("grid.clean has 4 partitions");
    }

    private static List<String> headers(TestRecord<byte[], byte[]> record) {
        List<String> result = new ArrayList<>();
        for (Header header : record.headers()) {
            result.add(header.key() + "=" + DqHeaders.text(header.value()));
        }
        return result;
    }
}
