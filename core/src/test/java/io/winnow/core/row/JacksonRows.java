package io.winnow.core.row;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.winnow.core.contract.Contract;
import io.winnow.core.contract.Feature;
import io.winnow.core.contract.FeatureType;
import io.winnow.core.contract.Target;
import io.winnow.core.contract.TimeField;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/** What a value means, read slowly with Jackson and the platform's own decoders: the oracle for {@link RowDecoder}. */
final class JacksonRows {
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(RowDecoder.MAX_DEPTH)
                    .maxNumberLength(1_000)
                    .build())
            .disable(JsonFactory.Feature.CHARSET_DETECTION)
            .build();

    private final Contract contract;
    private boolean invalid;

    JacksonRows(Contract contract) {
        this.contract = contract;
    }

    /** Fills the row; null where it is good. */
    Reason read(byte[] value, Row row) {
        row.clear();
        invalid = false;
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value));
        } catch (CharacterCodingException e) {
            return Reason.MALFORMED;
        }
        try (JsonParser parser = JSON.createParser(value)) {
            return object(parser, row) ? (invalid ? Reason.INVALID : null) : Reason.MALFORMED;
        } catch (IOException e) {
            return Reason.MALFORMED;
        }
    }

    private boolean object(JsonParser parser, Row row) throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            return false;
        }
        Set<String> names = new HashSet<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String name = parser.currentName();
            if (!names.add(name)) {
                return false;
            }
            field(name, parser, parser.nextToken(), row);
            parser.skipChildren();
        }
        for (Feature f : contract.features()) {
            invalid |= f.required() && !names.contains(f.name());
        }
        invalid |= contract.time().filter(t -> !names.contains(t.field())).isPresent();
        return parser.currentToken() == JsonToken.END_OBJECT && parser.nextToken() == null;
    }

    private void field(String name, JsonParser parser, JsonToken token, Row row) throws IOException {
        int i = contract.indexOf(name);
        boolean isTime = contract.time().filter(t -> t.field().equals(name)).isPresent();
        boolean isTarget = contract.target().filter(t -> t.name().equals(name)).isPresent();
        if (i < 0 && !isTime && !isTarget) {
            row.ignoredFields++;
            return;
        }
        boolean missing = token == JsonToken.VALUE_NULL;
        invalid |= missing && (isTime || (i >= 0 && contract.features().get(i).required()));
        if (!missing && i >= 0) {
            feature(contract.features().get(i), i, parser, token, row);
        }
        if (!missing && isTarget) {
            target(contract.target().orElseThrow(), parser, token, row);
        }
        if (!missing && isTime) {
            time(contract.time().orElseThrow(), parser, token, row);
        }
    }

    private void feature(Feature f, int i, JsonParser parser, JsonToken token, Row row) throws IOException {
        if (f.type() == FeatureType.CATEGORY) {
            row.categories[i] = category(parser, token);
            return;
        }
        double x = f.type() == FeatureType.TIME && token == JsonToken.VALUE_STRING
                ? EventTime.isoMillis(parser.getText())
                : number(f.type(), parser, token);
        invalid |= !Double.isFinite(x) || x < f.min() || x > f.max();
        row.numbers[i] = x;
    }

    private void target(Target target, JsonParser parser, JsonToken token, Row row) throws IOException {
        if (target.type() == FeatureType.CATEGORY) {
            row.targetCategory = category(parser, token);
        } else {
            row.targetNumber = number(target.type(), parser, token);
            invalid |= !Double.isFinite(row.targetNumber);
        }
    }

    private String category(JsonParser parser, JsonToken token) throws IOException {
        boolean good = token == JsonToken.VALUE_STRING && parser.getText().length() <= FeatureType.MAX_CATEGORY_CHARS;
        invalid |= !good;
        return good ? parser.getText() : null;
    }

    private void time(TimeField time, JsonParser parser, JsonToken token, Row row) throws IOException {
        double millis = switch (time.format()) {
            case ISO_8601 -> token == JsonToken.VALUE_STRING ? EventTime.isoMillis(parser.getText()) : Double.NaN;
            case EPOCH_MILLIS -> number(FeatureType.NUMBER, parser, token);
            case EPOCH_SECONDS -> number(FeatureType.NUMBER, parser, token) * 1_000;
        };
        invalid |= !(Math.abs(millis) <= 0x1p53);
        row.eventTime = (long) Math.floor(millis);
    }

    private static double number(FeatureType type, JsonParser parser, JsonToken token) throws IOException {
        if (type == FeatureType.BOOLEAN) {
            return token.isBoolean() ? (parser.getBooleanValue() ? 1 : 0) : Double.NaN;
        }
        return token.isNumeric() ? parser.getDoubleValue() : Double.NaN;
    }
}
