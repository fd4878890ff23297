package io.winnow.core.contract;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What is to be done while so much is refused that it must be the stream that has changed, and not its rows that are bad. */
public enum OnRegimeChange {
    /** All valid rows are learned, until the profile fits the stream as it is now. */
    ADAPT,
    /** Nothing is learned of what is refused: normal stays what it was, until the stream is back or operators release. */
    HOLD;

    /** The name in a contract: lower case. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The one with this label, if there is one. */
    public static Optional<OnRegimeChange> of(String label) {
        return Arrays.stream(values()).filter(v -> v.label().equals(label)).findFirst();
    }
}
