package io.winnow.ingest.http;

import io.winnow.core.contract.Contract;
import io.winnow.core.row.Quote;
import io.winnow.core.tabular.FileFormatException;
import io.winnow.core.tabular.FileRecord;
import io.winnow.core.tabular.RecordFile;
import io.winnow.core.tabular.RecordFile.Format;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a request's headers and body say: all of it can be sent, or none of it is. */
final class Intake {
    private static final String BODY = "body";

    private Intake() {}

    /**
     * How the body is laid out.
     *
     * @param contentType the Content-Type header
     * @throws Refusal 415 if it is nothing that can be read
     */
    static Format format(@Nullable String contentType) {
        String[] parts = contentType == null ? new String[0] : contentType.split(";", -1);
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip().toLowerCase(Locale.ROOT).replace("\"", "");
            if (parameter.startsWith("charset=") && !parameter.equals("charset=utf-8")) {
                throw new Refusal(415, "records are UTF-8; write 'charset=utf-8', or leave it out");
            }
        }
        return switch (parts.length == 0 ? "" : parts[0].strip().toLowerCase(Locale.ROOT)) {
            case "application/x-ndjson", "application/ndjson", "application/jsonl" -> Format.NDJSON;
            case "application/json" -> Format.JSON;
            case "text/csv" -> Format.CSV;
            default ->
                throw new Refusal(
                        415, "the Content-Type must be application/x-ndjson, application/json (an array) or text/csv");
        };
    }

    /**
     * Whether the body is compressed.
     *
     * @param contentEncoding the Content-Encoding header
     * @throws Refusal 415 if by anything but gzip
     */
    static boolean gzip(@Nullable String contentEncoding) {
        return switch (contentEncoding == null
                ? "identity"
                : contentEncoding.strip().toLowerCase(Locale.ROOT)) {
            case "identity" -> false;
            case "gzip", "x-gzip" -> true;
            default -> throw new Refusal(415, "the Content-Encoding must be gzip, or left out");
        };
    }

    /**
     * Takes a body apart.
     *
     * @param recordBytes key and value together that the topic takes
     * @param lease has paid for the body, and holds afterwards what the records need
     * @throws Refusal 400 with the line of what cannot be read, 413 if a record or their number is too large
     */
    static List<FileRecord> records(
            byte[] body,
            Format format,
            Optional<Contract> contract,
            GatewayLimits limits,
            int recordBytes,
            Budget.Lease lease) {
        List<FileRecord> records = new ArrayList<>();
        long held = 0;
        try (RecordFile file = RecordFile.of(BODY, body, format, contract)) {
            for (FileRecord r = file.next(); r != null; r = file.next()) {
                if (records.size() == limits.records()) {
                    throw new Refusal(413, "more than " + limits.records() + " records; send them in several requests");
                }
                held += check(r, recordBytes);
                lease.add(size(r));
                records.add(r);
            }
        } catch (FileFormatException e) {
            throw new Refusal(400, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new IllegalStateException("bytes in memory can be read", e);
        }
        if (records.isEmpty()) {
            throw new Refusal(400, BODY + ":1: holds no records");
        }
        lease.keep(held);
        return records;
    }

    private static long check(FileRecord r, int recordBytes) {
        if (!r.isReadable()) {
            throw new Refusal(400, BODY + ":" + r.line() + ": " + r.problem());
        }
        long length = r.value().length + (r.key() == null ? 0 : r.key().length);
        if (length > recordBytes) {
            throw new Refusal(
                    413,
                    BODY + ":" + r.line() + ": the record has " + length + " bytes, and the topic takes "
                            + recordBytes);
        }
        return size(r);
    }

    private static long size(FileRecord r) {
        return r.value().length + (r.key() == null ? 0 : r.key().length) + GatewayLimits.RECORD_OVERHEAD_BYTES;
    }

    /**
     * What makes a request one that can be repeated; empty if neither header is there.
     *
     * @param client the Winnow-Client header
     * @param sequence the Winnow-Sequence header
     * @throws Refusal 400 if only one of them is there, or one is not legal
     */
    static Optional<Turn> turn(@Nullable String client, @Nullable String sequence) {
        if (client == null && sequence == null) {
            return Optional.empty();
        }
        if (client == null || sequence == null) {
            throw new Refusal(400, "Winnow-Client and Winnow-Sequence go together; send both, or neither");
        }
        if (!client.matches("[a-zA-Z0-9._:-]{1,128}")) {
            throw new Refusal(400, "Winnow-Client must be 1 to 128 letters, digits, '.', '_', ':' or '-'");
        }
        if (!sequence.matches("0|[1-9][0-9]{0,17}")) {
            throw new Refusal(
                    400, "Winnow-Sequence must be a whole number of at most 18 digits, not " + Quote.of(sequence));
        }
        return Optional.of(new Turn(client, Long.parseLong(sequence)));
    }
}
