package io.winnow.core.tabular;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.winnow.core.contract.Contract;
import io.winnow.core.row.RowDecoder;
import io.winnow.core.row.Utf8;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A JSON array of objects, or one object. An element goes on as the very bytes between its braces: cut out, never written
 * anew. What follows a broken place cannot be told apart, so that ends the reading.
 */
final class JsonRecords implements RecordFile.Records {
    /** The array itself is one level more. */
    private static final JsonFactory JSON = factory(RowDecoder.MAX_DEPTH + 1);

    private final byte[] content;
    private final int start;
    private final String name;
    private final @Nullable String keyField;
    private final JsonParser parser;
    private boolean begun;
    private boolean inArray;
    private boolean ended;

    JsonRecords(byte[] content, String name, Optional<Contract> contract) throws IOException {
        this.content = content;
        this.name = name;
        this.keyField = contract.flatMap(Contract::key).orElse(null);
        boolean marked = content.length >= 3
                && content[0] == (byte) 0xef
                && content[1] == (byte) 0xbb
                && content[2] == (byte) 0xbf;
        this.start = marked ? 3 : 0;
        this.parser = JSON.createParser(content, start, content.length - start);
    }

    static JsonFactory factory(int depth) {
        return JsonFactory.builder()
                .streamReadConstraints(
                        StreamReadConstraints.builder().maxNestingDepth(depth).build())
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                // A value is UTF-8: what could be read as UTF-16 is no record.
                .disable(JsonFactory.Feature.CHARSET_DETECTION)
                .build();
    }

    /** Reads an object from behind its opening brace to its end; its key's text, if it has one. */
    static byte @Nullable [] key(JsonParser object, @Nullable String keyField) throws IOException {
        byte[] key = null;
        for (String field = object.nextFieldName(); field != null; field = object.nextFieldName()) {
            JsonToken token = object.nextToken();
            if (field.equals(keyField) && token.isScalarValue() && token != JsonToken.VALUE_NULL) {
                key = object.getText().getBytes(StandardCharsets.UTF_8);
            }
            object.skipChildren();
        }
        return key;
    }

    @Override
    public @Nullable FileRecord next() throws IOException {
        if (ended) {
            return null;
        }
        try {
            JsonToken token = begun ? parser.nextToken() : begin();
            if (inArray && token == JsonToken.END_ARRAY) {
                end();
                return null;
            }
            if (token != JsonToken.START_OBJECT) {
                throw broken(
                        inArray
                                ? "an element is not a JSON object"
                                : "is neither a JSON array of objects nor an object");
            }
            FileRecord record = object();
            if (!inArray) {
                end();
            }
            return record;
        } catch (JsonProcessingException e) {
            throw broken("is not valid JSON");
        }
    }

    private @Nullable JsonToken begin() throws IOException {
        begun = true;
        JsonToken first = parser.nextToken();
        inArray = first == JsonToken.START_ARRAY;
        return inArray ? parser.nextToken() : first;
    }

    private void end() throws IOException {
        ended = true;
        if (parser.nextToken() != null) {
            throw broken("has something behind its end");
        }
    }

    private FileRecord object() throws IOException {
        long line = parser.currentTokenLocation().getLineNr();
        int from = start + (int) parser.currentTokenLocation().getByteOffset();
        byte[] key = key(parser, keyField);
        int to = start + (int) parser.currentLocation().getByteOffset();
        byte[] value = Arrays.copyOfRange(content, from, to);
        if (!Utf8.isValid(value)) {
            return new FileRecord(line, null, value, "is not valid UTF-8");
        }
        return new FileRecord(line, key, value, null);
    }

    private FileFormatException broken(String problem) {
        return new FileFormatException(name + ":" + parser.currentLocation().getLineNr() + ": " + problem);
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
