package io.winnow.app.demo;

/** The kinds of fault that the demo injects, in equal shares. */
enum FaultKind {
    /** A value in another unit: 10 or 1,000 times too large or too small. */
    UNIT_SLIP("unitSlip", "unit slip", true),
    /** A value with the wrong sign. */
    SIGN_FLIP("signFlip", "sign flip", true),
    /** The values of two fields exchanged. */
    SWAPPED_FIELDS("swappedFields", "swapped fields", true),
    /** A value that is ordinary for the site by itself but contradicts the others. */
    IMPOSSIBLE_COMBINATION("impossibleCombination", "impossible combination", true),
    /** One to three fields left out. */
    MISSING_FIELDS("missingFields", "missing fields", false),
    /** A value that no JSON reader takes. */
    BROKEN_JSON("brokenJson", "broken JSON", false),
    /** A sensor that repeats a plausible value: no single row can show it, and its first repeats may be chance. */
    FROZEN_SENSOR("frozenSensor", "frozen sensor", false);

    private final String field;
    private final String label;
    private final boolean validSingleRow;

    FaultKind(String field, String label, boolean validSingleRow) {
        this.field = field;
        this.label = label;
        this.validSingleRow = validSingleRow;
    }

    /** The name in the report. */
    String field() {
        return field;
    }

    /** The name for a person. */
    String label() {
        return label;
    }

    /** Whether a single row can show it and the contract alone cannot: what recall is measured over. */
    boolean isValidSingleRow() {
        return validSingleRow;
    }
}
