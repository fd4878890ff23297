package io.winnow.core.tabular;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.winnow.core.contract.Contract;
import io.winnow.core.row.RowDecoder;
import io.winnow.core.row.Utf8;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Lines of JSON: each goes on byte for byte. */
final class NdjsonRecords implements RecordFile.Records {
    private static final JsonFactory JSON = JsonRecords.factory(RowDecoder.MAX_DEPTH);

    private final LineReader lines;
    private final @Nullable String keyField;
    private byte @Nullable [] key;

    NdjsonRecords(LineReader lines, Optional<Contract> contract) {
        this.lines = lines;
        this.keyField = contract.flatMap(Contract::key).orElse(null);
    }

    @Override
    public @Nullable FileRecord next() throws IOException {
        if (!lines.next()) {
            return null;
        }
        byte[] value = lines.copy();
        String problem = problem(value);
        return new FileRecord(lines.line, problem == null ? key : null, value, problem);
    }

    /** What keeps the line from being a JSON object, or null; finds the key on the way. */
    private @Nullable String problem(byte[] value) {
        key = null;
        if (value.length == 0) {
            return "is empty";
        }
        if (!Utf8.isValid(value)) {
            return "is not valid UTF-8";
        }
        try (JsonParser parser = JSON.createParser(value)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return "is not a JSON object";
            }
            key = JsonRecords.key(parser, keyField);
            if (parser.currentToken() != JsonToken.END_OBJECT) {
                return "is a JSON object that does not end";
            }
            return parser.nextToken() == null ? null : "has something behind its JSON object";
        } catch (IOException e) {
            return "is not valid JSON";
        }
    }

    @Override
    public List<String> columns() {
        return List.of();
    }

    @Override
    public long blankLines() {
        return 0;
    }
}
