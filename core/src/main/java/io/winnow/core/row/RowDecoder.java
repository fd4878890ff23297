package io.winnow.core.row;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.winnow.core.contract.Contract;
import io.winnow.core.contract.Feature;
import io.winnow.core.contract.FeatureType;
import io.winnow.core.contract.Target;
import io.winnow.core.contract.TimeField;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads a record's value, a flat JSON object in UTF-8, into a {@link Row} by contract, or says what is wrong with it.
 * Never throws for any input. Not thread-safe; one for each thread.
 */
public final class RowDecoder {
    /** Deeper nesting is malformed. */
    public static final int MAX_DEPTH = 32;

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(1_000)
                    .build())
            .enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            // A value is UTF-8: what could be read as UTF-16 is no record.
            .disable(JsonFactory.Feature.CHARSET_DETECTION)
            .build();

    /** Slots beyond the features in the table of known names. */
    private static final int TARGET = -1;

    private static final int TIME = -2;
    private static final int KEY = -3;

    private final List<Feature> features;
    private final Map<String, int[]> slots = new HashMap<>();
    private final @Nullable Target target;
    private final @Nullable TimeField time;
    private final boolean[] seen;
    private final Set<String> others = new HashSet<>();
    private boolean seenTarget;
    private boolean seenTime;
    private boolean seenKey;

    /** A decoder for this contract. */
    public RowDecoder(Contract contract) {
        features = contract.features();
        target = contract.target().orElse(null);
        time = contract.time().orElse(null);
        seen = new boolean[features.size()];
        for (int i = 0; i < features.size(); i++) {
            slots.put(features.get(i).name(), new int[] {i});
        }
        if (target != null) {
            slots.put(target.name(), new int[] {TARGET});
        }
        if (time != null) {
            // The time field may be a feature or the key as well: one name, several uses.
            slots.merge(time.field(), new int[] {TIME}, RowDecoder::together);
        }
        if (contract.contextPerKey()) {
            contract.key().ifPresent(key -> slots.merge(key, new int[] {KEY}, RowDecoder::together));
        }
    }

    private static int[] together(int[] a, int[] b) {
        return IntStream.concat(Arrays.stream(a), Arrays.stream(b)).toArray();
    }

    /**
     * Decodes a value.
     *
     * @param value the record's bytes; null for a Kafka tombstone
     * @param row is cleared and filled; its content is meaningless where a defect is returned
     * @return null if the row is good
     */
    public @Nullable Defect decode(byte @Nullable [] value, Row row) {
        row.clear();
        if (value == null) {
            return malformed("the value is null");
        }
        if (value.length == 0) {
            return malformed("the value is empty");
        }
        if (!Utf8.isValid(value)) {
            return malformed("the value is not valid UTF-8");
        }
        Arrays.fill(seen, false);
        seenTarget = false;
        seenTime = false;
        seenKey = false;
        others.clear();
        try (JsonParser parser = JSON.createParser(value)) {
            return object(parser, row);
        } catch (IOException e) {
            return malformed(problem(e));
        }
    }

    private @Nullable Defect object(JsonParser parser, Row row) throws IOException {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            return malformed("the value is not a JSON object");
        }
        // The first breach of contract is kept while the rest is read: a malformed record is malformed first.
        Defect breach = null;
        for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            JsonToken token = parser.nextToken();
            int[] uses = slots.get(name);
            if (uses == null) {
                if (!others.add(name)) {
                    return malformed("the key " + Quote.of(name) + " is there twice");
                }
                row.ignoredFields++;
                parser.skipChildren();
                continue;
            }
            for (int slot : uses) {
                if (!mark(slot)) {
                    return malformed("the key " + Quote.of(name) + " is there twice");
                }
                Defect defect = field(parser, token, slot, row);
                breach = breach == null ? defect : breach;
            }
            if (token.isStructStart()) {
                parser.skipChildren();
            }
        }
        if (parser.currentToken() != JsonToken.END_OBJECT) {
            return malformed("the JSON object does not end");
        }
        if (parser.nextToken() != null) {
            return malformed("something follows the JSON object");
        }
        return breach == null ? absent() : breach;
    }

    private boolean mark(int slot) {
        boolean again;
        if (slot == TARGET) {
            again = seenTarget;
            seenTarget = true;
        } else if (slot == TIME) {
            again = seenTime;
            seenTime = true;
        } else if (slot == KEY) {
            again = seenKey;
            seenKey = true;
        } else {
            again = seen[slot];
            seen[slot] = true;
        }
        return !again;
    }

    private @Nullable Defect field(JsonParser parser, JsonToken token, int slot, Row row) throws IOException {
        if (slot == KEY) {
            key(parser, token, row);
            return null;
        }
        if (slot == TIME) {
            return token == JsonToken.VALUE_NULL
                    ? invalid(timeField().field(), "is required but null")
                    : eventTime(parser, token, row);
        }
        if (token == JsonToken.VALUE_NULL) {
            return slot != TARGET && features.get(slot).required()
                    ? invalid(features.get(slot).name(), "is required but null")
                    : null;
        }
        return slot == TARGET ? target(parser, token, row) : feature(parser, token, slot, row);
    }

    private @Nullable Defect feature(JsonParser parser, JsonToken token, int i, Row row) throws IOException {
        Feature feature = features.get(i);
        switch (feature.type()) {
            case NUMBER -> {
                double x = number(parser, token);
                if (Double.isNaN(x)) {
                    return wrongType(feature.name(), feature.type(), token);
                }
                if (Double.isInfinite(x)) {
                    return invalid(feature.name(), "is not finite as a double");
                }
                if (x < feature.min() || x > feature.max()) {
                    return invalid(feature.name(), "is " + x + ", outside " + feature.min() + " to " + feature.max());
                }
                row.numbers[i] = x;
            }
            case BOOLEAN -> {
                if (!token.isBoolean()) {
                    return wrongType(feature.name(), feature.type(), token);
                }
                row.numbers[i] = token == JsonToken.VALUE_TRUE ? 1 : 0;
            }
            case CATEGORY -> {
                if (token != JsonToken.VALUE_STRING) {
                    return wrongType(feature.name(), feature.type(), token);
                }
                if (parser.getTextLength() > FeatureType.MAX_CATEGORY_CHARS) {
                    return tooLong(feature.name());
                }
                row.categories[i] = parser.getText();
            }
            case TIME -> {
                double t =
                        token == JsonToken.VALUE_STRING ? EventTime.isoMillis(parser.getText()) : number(parser, token);
                if (!Double.isFinite(t)) {
                    return invalid(feature.name(), "is neither ISO-8601 nor epoch milliseconds");
                }
                row.numbers[i] = t;
            }
        }
        return null;
    }

    private @Nullable Defect target(JsonParser parser, JsonToken token, Row row) throws IOException {
        if (target == null) {
            return null;
        }
        switch (target.type()) {
            case NUMBER -> {
                double x = number(parser, token);
                if (Double.isNaN(x)) {
                    return wrongType(target.name(), target.type(), token);
                }
                if (Double.isInfinite(x)) {
                    return invalid(target.name(), "is not finite as a double");
                }
                row.targetNumber = x;
            }
            case BOOLEAN -> {
                if (!token.isBoolean()) {
                    return wrongType(target.name(), target.type(), token);
                }
                row.targetNumber = token == JsonToken.VALUE_TRUE ? 1 : 0;
            }
            default -> {
                if (token != JsonToken.VALUE_STRING) {
                    return wrongType(target.name(), target.type(), token);
                }
                if (parser.getTextLength() > FeatureType.MAX_CATEGORY_CHARS) {
                    return tooLong(target.name());
                }
                row.targetCategory = parser.getText();
            }
        }
        return null;
    }

    /** A key that is missing, null, nested or longer than any category is none: the row stands for itself. */
    private static void key(JsonParser parser, JsonToken token, Row row) throws IOException {
        boolean plain = token.isScalarValue() && token != JsonToken.VALUE_NULL;
        row.key = plain && parser.getTextLength() <= FeatureType.MAX_CATEGORY_CHARS ? parser.getText() : null;
    }

    private @Nullable Defect eventTime(JsonParser parser, JsonToken token, Row row) throws IOException {
        TimeField field = timeField();
        double millis = switch (field.format()) {
            case ISO_8601 -> token == JsonToken.VALUE_STRING ? EventTime.isoMillis(parser.getText()) : Double.NaN;
            case EPOCH_MILLIS -> number(parser, token);
            case EPOCH_SECONDS -> number(parser, token) * 1_000;
        };
        // Beyond ± 2^53 ms a double is no longer exact, and no clock is meant.
        if (!(Math.abs(millis) <= 0x1p53)) {
            return invalid(
                    field.field(), "is no time in format " + field.format().label());
        }
        row.eventTime = (long) Math.floor(millis);
        return null;
    }

    private TimeField timeField() {
        if (time == null) {
            throw new IllegalStateException("no slot leads here without a time field");
        }
        return time;
    }

    private @Nullable Defect absent() {
        for (int i = 0; i < seen.length; i++) {
            if (!seen[i] && features.get(i).required()) {
                return invalid(features.get(i).name(), "is required but missing");
            }
        }
        return time != null && !seenTime ? invalid(time.field(), "is required but missing") : null;
    }

    private static double number(JsonParser parser, JsonToken token) throws IOException {
        return token.isNumeric() ? parser.getDoubleValue() : Double.NaN;
    }

    private static String problem(IOException e) {
        if (e instanceof com.fasterxml.jackson.core.exc.StreamConstraintsException) {
            return "the JSON is deeper than " + MAX_DEPTH + " or a name or number in it is too long";
        }
        if (e instanceof com.fasterxml.jackson.core.JsonProcessingException j && j.getLocation() != null) {
            return "not valid JSON at byte " + j.getLocation().getByteOffset();
        }
        return "not valid JSON";
    }

    private static Defect malformed(String detail) {
        return new Defect(Reason.MALFORMED, detail);
    }

    private static Defect invalid(String field, String problem) {
        return new Defect(Reason.INVALID, "field " + Quote.of(field) + " " + problem);
    }

    private static Defect tooLong(String field) {
        return invalid(field, "is longer than " + FeatureType.MAX_CATEGORY_CHARS + " characters: not a category");
    }

    private static Defect wrongType(String field, FeatureType expected, JsonToken found) {
        String kind = switch (found) {
            case VALUE_STRING -> "a string";
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
            case VALUE_TRUE, VALUE_FALSE -> "a boolean";
            case START_ARRAY -> "an array";
            case START_OBJECT -> "an object";
            default -> "something else";
        };
        return invalid(field, "must be a " + expected.label() + ", not " + kind);
    }
}
