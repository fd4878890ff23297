package io.winnow.core.tabular;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.winnow.core.contract.Contract;
import io.winnow.core.row.RowDecoder;
import io.winnow.core.row.Utf8;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Lines of JSON: each goes on byte for byte. */
final class NdjsonRecords implements RecordFile.Records {
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(RowDecoder.MAX_DEPTH)
                    .build())
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            // A value is UTF-8: what could be read as UTF-16 is no record.
            .disable(JsonFactory.Feature.CHARSET_DETECTION)
            .build();

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
            for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                JsonToken token = parser.nextToken();
                if (name.equals(keyField) && token.isScalarValue() && token != JsonToken.VALUE_NULL) {
                    key = parser.getText().getBytes(StandardCharsets.UTF_8);
                }
                parser.skipChildren();
            }
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
