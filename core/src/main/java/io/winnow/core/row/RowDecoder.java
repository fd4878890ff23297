package io.winnow.core.row;

import io.winnow.core.contract.Contract;
import io.winnow.core.contract.Feature;
import io.winnow.core.contract.FeatureType;
import io.winnow.core.contract.Target;
import io.winnow.core.contract.TimeField;
import io.winnow.core.row.JsonCursor.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a record's value, a flat JSON object in UTF-8, into a {@link Row} by contract, or says what is wrong with it.
 * Never throws for any input. A good row of names and categories that came before allocates nothing. Not thread-safe; one
 * for each thread.
 */
public final class RowDecoder {
    /** Deeper nesting is malformed. */
    public static final int MAX_DEPTH = JsonCursor.MAX_DEPTH;

    private final Feature[] features;
    private final @Nullable Target target;
    private final @Nullable TimeField time;
    /** Slots of names: the features in order, then the target, then the time where no feature is that too. */
    private final int targetSlot;

    private final int timeSlot;
    /** −1 where rows are not compared with those of their key. */
    private final int keySlot;

    private final int namedSlots;
    private final FieldNames names;
    private final JsonCursor in = new JsonCursor();
    private final RecentTexts texts = new RecentTexts();
    /** The record in which each slot was last seen. */
    private final long[] seen;

    private long record;
    /** Names of this record that have no slot. */
    private final Set<String> others = new HashSet<>();

    /** A decoder for this contract. */
    public RowDecoder(Contract contract) {
        features = contract.features().toArray(Feature[]::new);
        target = contract.target().orElse(null);
        time = contract.time().orElse(null);
        List<String> known = new ArrayList<>();
        for (Feature feature : features) {
            known.add(feature.name());
        }
        targetSlot = target == null ? -1 : slot(target.name(), known);
        timeSlot = time == null ? -1 : slot(time.field(), known);
        keySlot = contract.contextPerKey() ? slot(contract.key().orElseThrow(), known) : -1;
        namedSlots = known.size();
        names = new FieldNames(known);
        seen = new long[names.slots()];
    }

    /** The time field may be a feature or the target as well: one name, several uses. */
    private static int slot(String name, List<String> known) {
        if (!known.contains(name)) {
            known.add(name);
        }
        return known.indexOf(name);
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
        in.read(value);
        names.begin();
        record++;
        if (!others.isEmpty()) {
            others.clear();
        }
        if (in.next() != '{') {
            return malformed("the value is not a JSON object");
        }
        in.take();
        return object(row);
    }

    private @Nullable Defect object(Row row) {
        // The first breach of contract is kept while the rest is read: a malformed record is malformed first.
        Defect breach = null;
        int c = in.next();
        boolean more = c != '}';
        while (more) {
            int slot = c == '"' ? names.take(in) : FieldNames.BROKEN;
            if (slot == FieldNames.BROKEN) {
                return broken(c);
            }
            if (!mark(slot)) {
                return malformed("the key " + Quote.of(name(slot)) + " is there twice");
            }
            if (!in.colon()) {
                return broken(in.next());
            }
            Kind kind = in.value(in.next());
            if (kind == Kind.BROKEN) {
                return broken(in.next());
            }
            if (slot >= 0 && slot < namedSlots) {
                Defect defect = field(slot, kind, row);
                breach = breach == null ? defect : breach;
            } else {
                row.ignoredFields++;
            }
            c = in.next();
            more = c == ',';
            if (more) {
                in.take();
                c = in.next();
            }
        }
        if (c != '}') {
            return broken(c);
        }
        in.take();
        if (in.next() != JsonCursor.END) {
            return malformed("something follows the JSON object");
        }
        return breach == null ? absent() : breach;
    }

    private Defect broken(int c) {
        return malformed(c == JsonCursor.END ? "the JSON object does not end" : in.problem());
    }

    /** Notes that a name is there; false if it was before. */
    private boolean mark(int slot) {
        if (slot == FieldNames.UNKNOWN) {
            return others.add(in.text());
        }
        boolean again = seen[slot] == record;
        seen[slot] = record;
        return !again;
    }

    private String name(int slot) {
        return slot == FieldNames.UNKNOWN ? in.text() : names.name(slot);
    }

    private @Nullable Defect field(int slot, Kind kind, Row row) {
        if (slot == keySlot) {
            row.key = key(kind);
        }
        Defect defect = null;
        if (slot < features.length) {
            defect = feature(slot, kind, row);
        } else if (slot == targetSlot) {
            defect = target(kind, row);
        }
        if (slot == timeSlot) {
            Defect second = eventTime(kind, row);
            return defect == null ? second : defect;
        }
        return defect;
    }

    private @Nullable Defect feature(int i, Kind kind, Row row) {
        Feature feature = features[i];
        if (kind == Kind.NULL) {
            return feature.required() ? invalid(feature.name(), "is required but null") : null;
        }
        switch (feature.type()) {
            case NUMBER -> {
                if (kind != Kind.NUMBER) {
                    return wrongType(feature.name(), feature.type(), kind);
                }
                double x = in.number();
                if (Double.isInfinite(x)) {
                    return invalid(feature.name(), "is not finite as a double");
                }
                if (x < feature.min() || x > feature.max()) {
                    return invalid(feature.name(), "is " + x + ", outside " + feature.min() + " to " + feature.max());
                }
                row.numbers[i] = x;
            }
            case BOOLEAN -> {
                if (!isBoolean(kind)) {
                    return wrongType(feature.name(), feature.type(), kind);
                }
                row.numbers[i] = kind == Kind.TRUE ? 1 : 0;
            }
            case CATEGORY -> {
                if (kind != Kind.STRING) {
                    return wrongType(feature.name(), feature.type(), kind);
                }
                String text = texts.of(in);
                if (text.length() > FeatureType.MAX_CATEGORY_CHARS) {
                    return tooLong(feature.name());
                }
                row.categories[i] = text;
            }
            case TIME -> {
                double t = kind == Kind.STRING ? in.isoMillis() : number(kind);
                if (!Double.isFinite(t)) {
                    return invalid(feature.name(), "is neither ISO-8601 nor epoch milliseconds");
                }
                row.numbers[i] = t;
            }
        }
        return null;
    }

    private @Nullable Defect target(Kind kind, Row row) {
        if (target == null || kind == Kind.NULL) {
            return null;
        }
        switch (target.type()) {
            case NUMBER -> {
                if (kind != Kind.NUMBER) {
                    return wrongType(target.name(), target.type(), kind);
                }
                if (Double.isInfinite(in.number())) {
                    return invalid(target.name(), "is not finite as a double");
                }
                row.targetNumber = in.number();
            }
            case BOOLEAN -> {
                if (!isBoolean(kind)) {
                    return wrongType(target.name(), target.type(), kind);
                }
                row.targetNumber = kind == Kind.TRUE ? 1 : 0;
            }
            default -> {
                if (kind != Kind.STRING) {
                    return wrongType(target.name(), target.type(), kind);
                }
                String text = texts.of(in);
                if (text.length() > FeatureType.MAX_CATEGORY_CHARS) {
                    return tooLong(target.name());
                }
                row.targetCategory = text;
            }
        }
        return null;
    }

    /** A key that is missing, null, nested or longer than any category is none: the row stands for itself. */
    private @Nullable String key(Kind kind) {
        if (kind == Kind.STRING) {
            String text = texts.of(in);
            return text.length() <= FeatureType.MAX_CATEGORY_CHARS ? text : null;
        }
        if (kind == Kind.NUMBER) {
            return Double.toString(in.number());
        }
        return isBoolean(kind) ? Boolean.toString(kind == Kind.TRUE) : null;
    }

    private @Nullable Defect eventTime(Kind kind, Row row) {
        if (time == null) {
            return null;
        }
        if (kind == Kind.NULL) {
            return invalid(time.field(), "is required but null");
        }
        double millis = switch (time.format()) {
            case ISO_8601 -> kind == Kind.STRING ? in.isoMillis() : Double.NaN;
            case EPOCH_MILLIS -> number(kind);
            case EPOCH_SECONDS -> number(kind) * 1_000;
        };
        // Beyond ± 2^53 ms a double is no longer exact, and no clock is meant.
        if (!(Math.abs(millis) <= 0x1p53)) {
            return invalid(time.field(), "is no time in format " + time.format().label());
        }
        row.eventTime = (long) Math.floor(millis);
        return null;
    }

    private @Nullable Defect absent() {
        for (int i = 0; i < features.length; i++) {
            if (seen[i] != record && features[i].required()) {
                return invalid(features[i].name(), "is required but missing");
            }
        }
        return time != null && seen[timeSlot] != record ? invalid(time.field(), "is required but missing") : null;
    }

    private double number(Kind kind) {
        return kind == Kind.NUMBER ? in.number() : Double.NaN;
    }

    private static boolean isBoolean(Kind kind) {
        return kind == Kind.TRUE || kind == Kind.FALSE;
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

    private static Defect wrongType(String field, FeatureType expected, Kind found) {
        String kind = switch (found) {
            case STRING -> "a string";
            case NUMBER -> "a number";
            case TRUE, FALSE -> "a boolean";
            case ARRAY -> "an array";
            case OBJECT -> "an object";
            default -> "something else";
        };
        return invalid(field, "must be a " + expected.label() + ", not " + kind);
    }
}
