package io.winnow.monitoring.cases;

import org.jspecify.annotations.Nullable;

/**
 * What the desk knows of changes of its stream's regime. Times are milliseconds since 1970.
 *
 * @param changingSince since when the stream has been changing; null while it is steady
 * @param began when the last change that has ended began; null where there was none
 * @param ended when that ended; null where there was none
 * @param judgedAgain cases that were judged again after it
 * @param pending whether some still wait to be judged again
 * @param acceptedNow open cases that would be accepted now
 */
public record RegimeView(
        @Nullable Long changingSince,
        @Nullable Long began,
        @Nullable Long ended,
        long judgedAgain,
        boolean pending,
        long acceptedNow) {
    /** No change that anybody knows of. */
    public static final RegimeView STEADY = new RegimeView(null, null, null, 0, false, 0);

    /** Both together: two parts of one desk. */
    public RegimeView plus(RegimeView other) {
        return new RegimeView(
                changingSince == null ? other.changingSince : changingSince,
                began == null ? other.began : began,
                ended == null ? other.ended : ended,
                judgedAgain + other.judgedAgain,
                pending || other.pending,
                acceptedNow + other.acceptedNow);
    }
}
