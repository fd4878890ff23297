package io.winnow.core.contract;

import java.util.Arrays;
import java.util.Optional;

/**
 * Where a record's event time is.
 *
 * @param field the JSON field's name
 * @param format how it is written
 */
public record TimeField(String field, Format format) {
    public TimeField {
        if (field.isBlank()) {
            throw new IllegalArgumentException("time needs a field");
        }
    }

    /** How a point in time is written. */
    public enum Format {
        /** {@code 2026-01-31T12:00:00Z}, with any offset; without one it is UTC; a date alone is its midnight. */
        ISO_8601("iso-8601"),
        /** Milliseconds since 1970 as a number. */
        EPOCH_MILLIS("epoch-millis"),
        /** Seconds since 1970 as a number, fractions allowed. */
        EPOCH_SECONDS("epoch-seconds");

        private final String label;

        Format(String label) {
            this.label = label;
        }

        /** The name in a contract. */
        public String label() {
            return label;
        }

        /** The format with this label, if there is one. */
        public static Optional<Format> of(String label) {
            return Arrays.stream(values()).filter(f -> f.label.equals(label)).findFirst();
        }
    }
}
