package io.winnow.core.contract;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The type of a field. A number or category may be missing; a boolean is read as 0 or 1. */
public enum FeatureType {
    /** A JSON number, finite as a double. */
    NUMBER,
    /** A JSON string of at most {@link #MAX_CATEGORY_CHARS} characters. */
    CATEGORY,
    /** JSON {@code true} or {@code false}. */
    BOOLEAN,
    /** A point in time: an ISO-8601 string, or epoch milliseconds as a JSON number. */
    TIME;

    /** Longer category values are invalid: they are free text, not categories. */
    public static final int MAX_CATEGORY_CHARS = 256;

    /** The name in a contract: lower case. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The type with this label, if there is one. */
    public static Optional<FeatureType> of(String label) {
        return Arrays.stream(values()).filter(t -> t.label().equals(label)).findFirst();
    }
}
