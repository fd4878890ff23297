package io.winnow.core.infer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.winnow.core.contract.Contract;
import io.winnow.core.row.Row;
import io.winnow.core.row.RowDecoder;
import io.winnow.core.tabular.FileRecord;
import io.winnow.core.tabular.RecordFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What the first records of a file look like.
 *
 * @param columns by field name, in order of appearance
 * @param csv whether the file is CSV
 * @param readable records that were read
 * @param unreadable lines that could not be
 * @param whole whether that was the whole file
 * @param rows records in the file: counted or estimated
 */
record Sample(Map<String, ColumnStats> columns, boolean csv, long readable, long unreadable, boolean whole, long rows) {
    private static final JsonFactory JSON = new JsonFactory();

    static Sample of(Path path, int most) throws IOException {
        try (RecordFile file = RecordFile.open(path, Optional.empty())) {
            boolean csv = file.format() == RecordFile.Format.CSV;
            Map<String, ColumnStats> columns = new LinkedHashMap<>();
            file.columns().forEach(c -> columns.put(c, new ColumnStats(c, csv)));
            long readable = 0;
            long unreadable = 0;
            FileRecord record = file.next();
            while (record != null && readable + unreadable < most) {
                if (record.isReadable()) {
                    readable++;
                    add(record.value(), columns, csv);
                } else {
                    unreadable++;
                }
                record = file.next();
            }
            long seen = readable + unreadable;
            boolean whole = record == null;
            double share = whole ? 1 : Math.min(1, file.bytesRead() / (double) Math.max(1, Files.size(path)));
            return new Sample(columns, csv, readable, unreadable, whole, Math.round(seen / share));
        }
    }

    private static void add(byte[] value, Map<String, ColumnStats> columns, boolean csv) throws IOException {
        try (JsonParser parser = JSON.createParser(value)) {
            parser.nextToken();
            for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                JsonToken token = parser.nextToken();
                String text = token.isScalarValue() ? parser.getText() : "";
                columns.computeIfAbsent(name, n -> new ColumnStats(n, csv)).add(token, text);
                parser.skipChildren();
            }
        }
    }

    /** How many of the sample's records decode under a contract. */
    long fitting(Path path, Contract contract) throws IOException {
        RowDecoder decoder = new RowDecoder(contract);
        Row row = new Row(contract);
        long fitting = 0;
        try (RecordFile file = RecordFile.open(path, Optional.of(contract))) {
            for (long i = 0; i < readable + unreadable; i++) {
                FileRecord record = file.next();
                if (record == null) {
                    break;
                }
                fitting += record.isReadable() && decoder.decode(record.value(), row) == null ? 1 : 0;
            }
        }
        return fitting;
    }

    /** The fields, in order of appearance. */
    Collection<ColumnStats> fields() {
        return columns.values();
    }

    /** Whether every record that was read has this field. */
    boolean isComplete(ColumnStats s) {
        return readable > 0 && s.present == readable;
    }
}
