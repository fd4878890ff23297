package io.winnow.core.contract;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * What is to be done when nearly everything is set aside: a source that sends garbage, not outliers.
 *
 * @param share from this share of the recent records on, whatever the reason
 * @param action what then
 */
public record Breaker(double share, Action action) {
    /** Nine of ten; an alarm. */
    public static final Breaker DEFAULT = new Breaker(0.9, Action.ALARM);

    public Breaker {
        if (!(share >= 0.5 && share <= 1)) {
            throw new IllegalArgumentException("breaker: share must lie between 0.5 and 1, not " + share);
        }
    }

    /** What a breaker does. */
    public enum Action {
        /** It says so, and records are judged as before. */
        ALARM,
        /** It says so, and records wait in Kafka until an operator lets them go on. */
        STOP;

        /** The name in a contract: lower case. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The one with this label, if there is one. */
        public static Optional<Action> of(String label) {
            return Arrays.stream(values()).filter(v -> v.label().equals(label)).findFirst();
        }
    }
}
