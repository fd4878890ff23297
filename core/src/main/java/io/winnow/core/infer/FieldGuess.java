package io.winnow.core.infer;

import io.winnow.core.contract.FeatureType;
import io.winnow.core.row.Quote;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What one field is taken for.
 *
 * @param type its type; empty if it is left out of the contract
 * @param note why, and what to check: one line
 */
record FieldGuess(Optional<FeatureType> type, String note) {
    /** A field is of a type if at least this share of its values is. */
    private static final double MAJORITY = 0.9;
    /** A number with this many values or fewer may be a class's code. */
    private static final int MAX_CLASSES = 20;

    private static final int MAX_CATEGORY_CHARS = FeatureType.MAX_CATEGORY_CHARS;

    /** What a field is as a feature. */
    static FieldGuess feature(ColumnStats s, boolean csv) {
        if (s.present == 0) {
            return leftOut("always empty");
        }
        if (s.nested > 0) {
            return leftOut("holds objects or arrays; records are flat");
        }
        if (s.isRowCounter()) {
            return leftOut("counts the rows");
        }
        if (s.numbers >= MAJORITY * s.present) {
            return of(FeatureType.NUMBER, "seen " + range(s) + misfits(s, s.numbers, "number"));
        }
        if (s.booleans >= MAJORITY * s.present && (!csv || s.booleans == s.present)) {
            return of(FeatureType.BOOLEAN, "true or false" + misfits(s, s.booleans, "boolean"));
        }
        if (s.isAllIsoTimes()) {
            return of(FeatureType.TIME, "ISO-8601, from " + Quote.of(s.firstText));
        }
        // Cells become strings as the contract says; in NDJSON a value keeps the type that it has.
        long strings = csv ? s.present : s.texts;
        if (strings < MAJORITY * s.present) {
            return leftOut(
                    "mixes types: " + s.texts + " strings, " + s.numbers + " numbers, " + s.booleans + " booleans");
        }
        if (s.maxChars > MAX_CATEGORY_CHARS
                || s.isOverflowing()
                || (s.present >= 100 && s.distinct().size() > s.present / 2)) {
            return leftOut("free text or an id: "
                    + (s.isOverflowing()
                            ? "more than " + ColumnStats.MAX_DISTINCT
                            : s.distinct().size())
                    + " different values");
        }
        return of(FeatureType.CATEGORY, values(s) + misfits(s, strings, "string"));
    }

    /** What a field is as the target. */
    static FieldGuess target(ColumnStats s, boolean csv) {
        Set<String> values = s.distinct();
        boolean codes = s.isAllNumbers() && values.size() <= MAX_CLASSES && s.present >= 20L * values.size();
        if (codes && csv && Set.of("0", "1").containsAll(values)) {
            return of(FeatureType.BOOLEAN, "0 and 1 are sent as false and true: classification");
        }
        if (codes && csv && s.wholeNumbers == s.present) {
            return of(
                    FeatureType.CATEGORY,
                    values(s) + ": taken for codes of classes and sent as strings; for regression write type: number");
        }
        if (codes && s.wholeNumbers == s.present) {
            return of(
                    FeatureType.NUMBER,
                    values(s) + ": regression; for classification send it as a string, or as true and false");
        }
        FieldGuess guess = feature(s, csv);
        if (guess.type.isEmpty() || guess.type.get() == FeatureType.TIME) {
            return leftOut("cannot be a target: " + guess.note);
        }
        String task = guess.type.get() == FeatureType.NUMBER ? "regression" : "classification";
        return of(guess.type.get(), guess.note + ": " + task);
    }

    private static String range(ColumnStats s) {
        return text(s.min) + " to " + text(s.max);
    }

    /** A number without a needless fraction. */
    private static String text(double x) {
        return x == Math.rint(x) && Math.abs(x) < 1e15 ? Long.toString((long) x) : Double.toString(x);
    }

    private static String values(ColumnStats s) {
        List<String> shown = s.distinct().stream().limit(4).map(Quote::of).toList();
        return s.distinct().size() + " different values: " + String.join(", ", shown)
                + (s.distinct().size() > shown.size() ? ", …" : "");
    }

    private static String misfits(ColumnStats s, long fitting, String type) {
        if (fitting == s.present) {
            return "";
        }
        String example = s.texts > 0 ? ", such as " + Quote.of(s.firstText) : "";
        return "; " + (s.present - fitting) + " of " + s.present + " are no " + type + example
                + ": those records will be quarantined";
    }

    private static FieldGuess of(FeatureType type, String note) {
        return new FieldGuess(Optional.of(type), note);
    }

    private static FieldGuess leftOut(String why) {
        return new FieldGuess(Optional.empty(), why);
    }
}
