package io.winnow.ingest.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.winnow.core.tabular.FileRecord;
import io.winnow.core.tabular.RecordFile.Format;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class IntakeTest {
    private static final GatewayLimits LIMITS = new GatewayLimits(10_000, 3, 100_000);

    private final Budget budget = new Budget(LIMITS.memoryBytes());
    private final Budget.Lease lease = budget.lease();

    private List<FileRecord> records(String body, Format format) {
        return Intake.records(body.getBytes(StandardCharsets.UTF_8), format, Optional.empty(), LIMITS, 100, lease);
    }

    private static void assertRefused(int status, String why, ThrowingCallable call) {
        assertThatThrownBy(call)
                .hasMessageContaining(why)
                .isInstanceOfSatisfying(
                        Refusal.class, r -> assertThat(r.status()).isEqualTo(status));
    }

    @Test
    void knowsTheFormatByItsType() {
        assertThat(Intake.format("application/x-ndjson")).isEqualTo(Format.NDJSON);
        assertThat(Intake.format("Application/JSON ; charset=\"UTF-8\"")).isEqualTo(Format.JSON);
        assertThat(Intake.format("text/csv;header=present")).isEqualTo(Format.CSV);
        for (String type : new String[] {null, "", ";", "text/plain", "application/json, text/csv"}) {
            assertRefused(415, "Content-Type", () -> Intake.format(type));
        }
        assertRefused(415, "UTF-8", () -> Intake.format("text/csv; charset=latin1"));
        assertThat(Intake.gzip(null)).isFalse();
        assertThat(Intake.gzip(" GZIP ")).isTrue();
        assertRefused(415, "gzip", () -> Intake.gzip("gzip, gzip"));
    }

    @Test
    void knowsAClientsTurn() {
        assertThat(Intake.turn(null, null)).isEmpty();
        assertThat(Intake.turn("meter-1", "0")).contains(new Turn("meter-1", 0));
        assertThat(Intake.turn("a:b", "999999999999999999")).contains(new Turn("a:b", 999_999_999_999_999_999L));
        assertRefused(400, "go together", () -> Intake.turn("a", null));
        assertRefused(400, "go together", () -> Intake.turn(null, "1"));
        for (String client : new String[] {"", "a b", "é", "x".repeat(129)}) {
            assertRefused(400, "Winnow-Client", () -> Intake.turn(client, "1"));
        }
        for (String sequence : new String[] {"", "-1", "01", "1.5", "1000000000000000000", "９"}) {
            assertRefused(400, "Winnow-Sequence", () -> Intake.turn("a", sequence));
        }
    }

    @Test
    void holdsNoMoreThanTheRecordsNeed() {
        lease.add(50_000);
        assertThat(records("{}\n{\"a\":1}", Format.NDJSON)).hasSize(2);
        assertThat(budget.used()).isEqualTo(2 + 7 + 2 * GatewayLimits.RECORD_OVERHEAD_BYTES);
    }

    @Test
    void takesAllOrNothing() {
        assertRefused(400, "body:2: is not a JSON object", () -> records("{}\n7", Format.NDJSON));
        assertRefused(400, "body:2: is empty", () -> records("{}\n\n{}", Format.NDJSON));
        assertRefused(400, "body:1: is not valid JSON", () -> records("[{}", Format.JSON));
        assertRefused(400, "body:3: has 3 columns", () -> records("a,b\n1,2\n1,2,3\n", Format.CSV));
        assertRefused(400, "is empty", () -> records("", Format.CSV));
        assertRefused(400, "no records", () -> records("a,b\n", Format.CSV));
        assertRefused(413, "more than 3 records", () -> records("{}\n{}\n{}\n{}", Format.NDJSON));
        assertRefused(
                413,
                "body:2: the record has 101 bytes, and the topic takes 100",
                () -> records("{}\n{\"a\":\"" + "x".repeat(93) + "\"}", Format.NDJSON));
    }
}
