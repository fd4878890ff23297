package io.winnow.core.contract;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * That targets may come after their rows, as records of their own.
 *
 * @param seconds how long after its row a label may come, by the two records' Kafka timestamps; a later one is not used
 */
public record Labels(long seconds) {
    private static final long LONGEST = Duration.ofDays(365).toSeconds();
    private static final Pattern WITHIN = Pattern.compile("([1-9][0-9]{0,8})([smhd])");

    public Labels {
        if (seconds < 1 || seconds > LONGEST) {
            throw new IllegalArgumentException("labels: within must lie between 1s and 365d, not " + seconds + "s");
        }
    }

    /**
     * Reads a number with a unit: {@code 90s}, {@code 30m}, {@code 24h} or {@code 7d}.
     *
     * @throws IllegalArgumentException if the text is anything else
     */
    public static Labels of(String within) {
        Matcher m = WITHIN.matcher(within);
        if (!m.matches()) {
            throw new IllegalArgumentException(
                    "labels: within must be a whole number with a unit, like 90s, 30m, 24h or 7d");
        }
        long count = Long.parseLong(m.group(1));
        return new Labels(
                switch (m.group(2)) {
                    case "s" -> count;
                    case "m" -> Duration.ofMinutes(count).toSeconds();
                    case "h" -> Duration.ofHours(count).toSeconds();
                    default -> Duration.ofDays(count).toSeconds();
                });
    }

    /** How long after its row a label may come. */
    public Duration within() {
        return Duration.ofSeconds(seconds);
    }
}
