package io.winnow.monitoring.cases;

import java.util.Locale;
import java.util.Optional;

/** Where a case stands. The order is the order of the bytes in the case store: only append. */
public enum CaseState {
    /** Nobody has decided yet. */
    OPEN,
    /** Release is decided, and forwarded when its hold ends. */
    HELD,
    /** Put on the clean topic. */
    RELEASED,
    /** Left out for good. */
    DISCARDED;

    /** The name as the API writes it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The state with this label. */
    public static Optional<CaseState> of(String label) {
        for (CaseState state : values()) {
            if (state.label().equals(label)) {
                return Optional.of(state);
            }
        }
        return Optional.empty();
    }
}
