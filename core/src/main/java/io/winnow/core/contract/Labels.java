package io.winnow.core.contract;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * That targets may come after their rows, as records of their own.
 *
 * @param within how long after its row a label may come, by the two records' Kafka timestamps; a later one is not used
 */
public record Labels(Duration within) {
    private static final Duration LONGEST = Duration.ofDays(365);
    private static final Pattern WITHIN = Pattern.compile("([1-9][0-9]{0,8})([smhd])");

    public Labels {
        if (within.compareTo(Duration.ofSeconds(1)) < 0 || within.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("labels: within must lie between 1s and 365d, not " + within);
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
                    case "s" -> Duration.ofSeconds(count);
                    case "m" -> Duration.ofMinutes(count);
                    case "h" -> Duration.ofHours(count);
                    default -> Duration.ofDays(count);
                });
    }
}
