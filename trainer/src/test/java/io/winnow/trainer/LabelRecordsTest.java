package io.winnow.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.core.contract.Contract;
import io.winnow.core.contract.ContractReader;
import io.winnow.core.row.Row;
import io.winnow.trainer.window.Label;
import io.winnow.trainer.window.RawPlace;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LabelRecordsTest {
    private static Contract contract(String format, String target) {
        return ContractReader.parse(
                "stream: s\nkey: k\ntime: {field: ts, format: " + format + "}\nfeatures: [{name: a, type: number,"
                        + " required: true}]\ntarget: {name: y, type: " + target + "}\nlabels: {within: 1h}\n",
                "s.yaml");
    }

    private static LabelRecords.Read read(Contract contract, String json) {
        return new LabelRecords(contract)
                .read(new ConsumerRecord<>(
                        "s.labels",
                        3,
                        17,
                        "site1".getBytes(StandardCharsets.UTF_8),
                        json.getBytes(StandardCharsets.UTF_8)));
    }

    private static Label label(Contract contract, String json) {
        LabelRecords.Read read = read(contract, json);
        assertThat(read.problem()).isEmpty();
        return java.util.Objects.requireNonNull(read.label());
    }

    @Test
    void theTargetAloneIsEnough() {
        Label label = label(contract("iso-8601", "number"), "{\"y\":2.5,\"a\":\"whatever\"}");
        assertThat(label.number()).isEqualTo(2.5);
        assertThat(label.partition()).isEqualTo(3);
        assertThat(label.offset()).isEqualTo(17);
        assertThat(label.key()).isEqualTo(CleanRecords.hash("site1".getBytes(StandardCharsets.UTF_8)));
        assertThat(label.raw()).isNull();
        assertThat(label.eventTime()).isEqualTo(Row.NO_TIME);
        assertThat(label(contract("iso-8601", "category"), "{\"y\":\"up\"}").category())
                .isEqualTo("up");
        assertThat(label(contract("iso-8601", "boolean"), "{\"y\":true}").number())
                .isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "iso-8601, '\"2026-01-31T12:00:00.5Z\"', 1769860800500",
        "epoch-millis, 1769860800500.9, 1769860800500",
        "epoch-seconds, 1769860800.5, 1769860800500"
    })
    void aTimeIsReadAsInARow(String format, String time, long millis) {
        assertThat(label(contract(format, "number"), "{\"y\":1,\"ts\":" + time + "}")
                        .eventTime())
                .isEqualTo(millis);
    }

    @Test
    void theRawRecordMayBeNamed() {
        assertThat(label(contract("iso-8601", "number"), "{\"y\":1,\"dq.id\":\"s.raw/2/40\"}")
                        .raw())
                .isEqualTo(new RawPlace(2, 40));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no JSON",
                "{}",
                "{\"y\":null}",
                "{\"y\":\"2\"}",
                "{\"y\":1,\"ts\":\"yesterday\"}",
                "{\"y\":1,\"ts\":true}",
                "{\"y\":1,\"dq.id\":\"other.raw/0/1\"}",
                "{\"y\":1,\"dq.id\":\"s.raw/0\"}",
                "{\"y\":1,\"y\":2}",
                "{\"y\":1e400}"
            })
    void whatIsNoLabelIsSaidInOneLine(String json) {
        LabelRecords.Read read = read(contract("iso-8601", "number"), json);
        assertThat(read.label()).isNull();
        assertThat(read.problem()).isNotBlank().doesNotContain("\n");
    }

    @Test
    void noBytesWhateverBreakIt() {
        LabelRecords records = new LabelRecords(contract("epoch-seconds", "number"));
        Random random = new Random(3);
        String whole = "{\"y\":1.5,\"ts\":1769860800.5,\"dq.id\":\"s.raw/2/40\"}";
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = whole.getBytes(StandardCharsets.UTF_8);
            for (int k = 0; k < 1 + random.nextInt(3); k++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            LabelRecords.Read read = records.read(new ConsumerRecord<>("s.labels", 0, i, null, bytes));
            assertThat(read.label() == null).isEqualTo(!read.problem().isEmpty());
        }
        assertThat(records.read(new ConsumerRecord<>("s.labels", 0, 0, null, null))
                        .problem())
                .isNotEmpty();
    }

    /** The time's field may be the target, however odd: labels then name no time. */
    @Test
    void aTargetThatIsTheTimeIsNoReasonToFail() {
        Contract odd = ContractReader.parse(
                "stream: s\ntime: {field: y, format: epoch-millis}\nfeatures: [{name: a, type: number}]\n"
                        + "target: {name: y, type: number}\nlabels: {within: 1h}\n",
                "s.yaml");
        assertThat(label(odd, "{\"y\":5}").eventTime()).isEqualTo(Row.NO_TIME);
    }
}
