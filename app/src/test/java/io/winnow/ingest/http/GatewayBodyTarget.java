package io.winnow.ingest.http;

import io.winnow.core.contract.Contract;
import io.winnow.core.contract.ContractReader;
import io.winnow.core.row.Utf8;
import io.winnow.core.tabular.FileRecord;
import io.winnow.core.tabular.RecordFile.Format;
import io.winnow.fuzz.Checks;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A request's body, its first byte saying what it is: records cut out of it as they are, or a refusal; memory is given
 * back. And the note of a client's last request.
 */
public final class GatewayBodyTarget {
    private static final GatewayLimits LIMITS = new GatewayLimits(1 << 16, 50, 1 << 20);
    private static final Contract CONTRACT = ContractReader.parse("""
            stream: grid
            key: site
            features: [{name: n, type: number}, {name: open, type: boolean}]
            """, "grid.yaml");

    private GatewayBodyTarget() {}

    public static void fuzzerTestOneInput(byte[] data) throws IOException {
        int kind = data.length == 0 ? 0 : data[0] & 0xff;
        byte[] wire = Arrays.copyOfRange(data, Math.min(1, data.length), data.length);
        Format format = Format.values()[kind % Format.values().length];
        Budget budget = new Budget(LIMITS.memoryBytes());
        try (Budget.Lease lease = budget.lease()) {
            byte[] body = Body.read(new ByteArrayInputStream(wire), (kind & 0x80) != 0, LIMITS, lease);
            Checks.that(body.length <= LIMITS.bodyBytes(), "a body that is too long");
            Optional<Contract> contract = (kind & 0x40) == 0 ? Optional.of(CONTRACT) : Optional.empty();
            List<FileRecord> records = Intake.records(body, format, contract, LIMITS, 1 << 12, lease);
            Checks.that(!records.isEmpty() && records.size() <= LIMITS.records(), "a number of records");
            int from = 0;
            for (FileRecord record : records) {
                Checks.that(Utf8.isValid(record.value()), "a record that is no text");
                if (format != Format.CSV) {
                    from = behind(body, from, record.value());
                }
            }
        } catch (Refusal e) {
            Checks.oneLine(e);
            Checks.that(e.status() == 400 || e.status() == 413 || e.status() == 429, "a status of " + e.status());
        }
        Checks.that(budget.used() == 0, "memory that is not given back");
        Note.decode(wire)
                .ifPresent(note -> Checks.that(
                        Note.decode(note.encode()).equals(Optional.of(note)), "a note that changes as it is written"));
    }

    /** Where the body goes on behind these bytes, which it must hold at or behind a place. */
    private static int behind(byte[] body, int from, byte[] value) {
        for (int i = from; i + value.length <= body.length; i++) {
            if (Arrays.equals(body, i, i + value.length, value, 0, value.length)) {
                return i + value.length;
            }
        }
        throw new AssertionError("a record that was not sent");
    }
}
