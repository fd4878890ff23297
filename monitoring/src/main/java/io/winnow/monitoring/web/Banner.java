package io.winnow.monitoring.web;

import io.winnow.monitoring.cases.RegimeView;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What stands above the list when the stream changes or has changed: text, escaped by the template.
 *
 * @param changing a line while the stream is changing; empty otherwise
 * @param accepted a line while there are cases that would be accepted now; empty otherwise
 * @param why what a release of them is given as its reason
 * @param count how many they are
 */
public record Banner(String changing, String accepted, String why, long count) {
    /** Where the cases that would be accepted now are listed. */
    public static final String REVIEW = "/?again=accepted";

    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("d MMM HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);

    /** The banner; null where there is nothing to say. */
    static @Nullable Banner of(RegimeView view) {
        Long since = view.changingSince();
        String changing = since == null
                ? ""
                : "The stream has been changing since " + day(since)
                        + " UTC: so much is refused that it must be the stream, not its records.";
        long n = view.acceptedNow();
        String when = during(view);
        String pending = view.pending() ? " (and counting)" : "";
        String accepted = n == 0
                ? ""
                : String.format(Locale.ROOT, "%,d", n) + (n == 1 ? " case" : " cases") + " set aside during the change"
                        + when + " would be accepted now" + pending + ".";
        return changing.isEmpty() && accepted.isEmpty()
                ? null
                : new Banner(changing, accepted, "accepted under the profile after the change" + when, n);
    }

    private static String during(RegimeView view) {
        Long began = view.began();
        Long ended = view.ended();
        if (began == null || ended == null) {
            return "";
        }
        boolean sameDay = Math.floorDiv(began, 86_400_000L) == Math.floorDiv(ended, 86_400_000L);
        return " of " + day(began) + "–" + (sameDay ? TIME.format(Instant.ofEpochMilli(ended)) : day(ended)) + " UTC";
    }

    private static String day(long millis) {
        return DAY.format(Instant.ofEpochMilli(millis));
    }
}
