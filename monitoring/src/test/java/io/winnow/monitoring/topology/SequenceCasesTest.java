package io.winnow.monitoring.topology;

import static io.winnow.monitoring.Fixtures.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.core.contract.Contract;
import io.winnow.core.contract.ContractReader;
import io.winnow.core.hygiene.Regime;
import io.winnow.core.topic.DqHeaders;
import io.winnow.monitoring.cases.Again;
import io.winnow.monitoring.cases.Case;
import io.winnow.monitoring.cases.KeptRecord;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cases that were compared with their key's last rows are so again, or are not offered for release. */
class SequenceCasesTest {
    private static final Contract CONTRACT = ContractReader.parse("""
            stream: grid
            key: site
            context: {per: key}
            features:
              - {name: demand, type: number}
              - {name: price, type: number}
            """, "grid.yaml");
    private static final List<ShiftedStream.Batch> STREAM = untilItIsSteadyAgain(ShiftedStream.of(CONTRACT, 5, 1));
    private static final long LATER = 1_000_000;

    @TempDir
    private Path stateDir;

    private DeskDriver desk;
    private List<KeptRecord> held = List.of();

    private static List<ShiftedStream.Batch> untilItIsSteadyAgain(List<ShiftedStream.Batch> all) {
        List<Regime> regimes = all.stream().map(b -> b.profile().regime()).toList();
        int end = regimes.lastIndexOf(Regime.CHANGING) + 1;
        assertThat(end).isBetween(10, all.size() - 5);
        return all.subList(0, end + 1);
    }

    @BeforeEach
    void start() {
        desk = new DeskDriver(stateDir, Duration.ZERO, CONTRACT);
        held = STREAM.stream()
                .flatMap(b -> b.aside().stream())
                .filter(r -> r.timestamp() >= ShiftedStream.shiftAt())
                .filter(r -> !ShiftedStream.isFault(Objects.requireNonNull(r.value())))
                .limit(300)
                .toList();
        assertThat(held).hasSize(300);
    }

    @AfterEach
    void stop() {
        desk.close();
    }

    private void profiles() {
        STREAM.forEach(batch -> desk.published(batch.profile(), batch.at()));
    }

    private Case arrives(KeptRecord record) {
        desk.arrives(record);
        return desk.cases.find(record.id()).orElseThrow();
    }

    /** A record with another one's value, set aside under the same profile, compared with what this header says. */
    private static KeptRecord like(KeptRecord record, long offset, String context) {
        return ShiftedStream.kept(
                offset,
                record.timestamp(),
                Objects.requireNonNull(record.value()),
                text(DqHeaders.PROFILE, Objects.requireNonNull(record.header(DqHeaders.PROFILE))),
                text(DqHeaders.CONTEXT, context));
    }

    private static Again again(Case c) {
        return Objects.requireNonNull(c.again());
    }

    @Test
    void whatIsHereOfTheRowsBeforeIsComparedWithAndTheRestIsNotOffered() {
        for (KeptRecord record : held) {
            desk.arrives(record);
        }
        profiles();
        for (int batch = 0; batch <= held.size() / CaseProcessor.CASES_PER_BATCH; batch++) {
            desk.passes(Duration.ofMillis(200));
        }
        assertThat(desk.cases.regime().judgedAgain()).isEqualTo(held.size());
        int offered = 0;
        int alone = 0;
        for (KeptRecord record : held) {
            Case c = desk.cases.find(record.id()).orElseThrow();
            boolean leftOut = again(c).sequenceLeftOut();
            assertThat(leftOut && c.isAcceptedNow()).as(c.id().toString()).isFalse();
            offered += c.isAcceptedNow() ? 1 : 0;
            alone += leftOut ? 1 : 0;
        }
        assertThat(desk.cases.regime().acceptedNow()).isEqualTo(offered);
        assertThat(offered / (double) held.size()).isGreaterThan(0.9);
        assertThat(alone)
                .as("behind a row that was accepted, or a fault, which is left out here")
                .isPositive();
    }

    @Test
    void aFrozenSensorStaysAsideThoughItsValueIsOrdinaryNow() {
        profiles();
        KeptRecord before = held.get(100);
        long offset = before.id().offset();
        desk.arrives(before);
        KeptRecord another = held.stream()
                .filter(r -> r.id().partition() == before.id().partition())
                .filter(r -> r.id().offset() > offset + 10)
                .findFirst()
                .orElseThrow();
        Case moving = arrives(like(another, offset + LATER, offset + " - 1,1"));
        Case frozen = arrives(like(before, offset + LATER + 2, offset + " - 300,300"));

        assertThat(moving.isAcceptedNow()).isTrue();
        assertThat(again(frozen).sequenceLeftOut()).isFalse();
        assertThat(again(frozen).bits()).isGreaterThan(10);
        assertThat(frozen.isAcceptedNow()).isFalse();
    }

    @Test
    void withoutTheRowBeforeACaseIsJudgedOnItsOwnAndNotOffered() {
        profiles();
        KeptRecord record = held.get(100);
        long offset = record.id().offset() + LATER;
        for (String context : List.of(
                (offset - 2) + " - 300,300", (offset + 2) + " - 1,1", "not what a job writes", "1 - 1,1,1", "")) {
            Case c = arrives(like(record, offset, context));
            assertThat(again(c).sequenceLeftOut()).as(context).isTrue();
            assertThat(again(c).bits()).isLessThan(10);
            assertThat(c.isAcceptedNow()).isFalse();
            offset += 4;
        }
        assertThat(desk.cases.regime().acceptedNow()).isZero();
        assertThat(desk.cases.regime().judgedAgain()).isEqualTo(5);
    }
}
