package io.winnow.monitoring.web;

import io.winnow.monitoring.cases.RegimeView;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the desk knows of changes of the stream's regime, as the API writes it. Times are ISO-8601; what is unknown is null.
 *
 * @param state {@code steady} or {@code changing}
 * @param since since when it has been changing; null while steady
 * @param began when the last change that has ended began
 * @param ended when that ended
 * @param judgedAgain cases that were judged again after it
 * @param pending whether some still wait for that
 * @param acceptedNow open cases that would be accepted now
 */
record RegimeJson(
        String state,
        @Nullable String since,
        @Nullable String began,
        @Nullable String ended,
        long judgedAgain,
        boolean pending,
        long acceptedNow) {

    static RegimeJson of(RegimeView view) {
        return new RegimeJson(
                view.changingSince() == null ? "steady" : "changing",
                time(view.changingSince()),
                time(view.began()),
                time(view.ended()),
                view.judgedAgain(),
                view.pending(),
                view.acceptedNow());
    }

    private static @Nullable String time(@Nullable Long millis) {
        return millis == null ? null : Instant.ofEpochMilli(millis).toString();
    }
}
