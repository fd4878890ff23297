package io.winnow.core.row;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;

/** Points in time as records write them. */
public final class EventTime {
    /** ISO-8601 with or without an offset; without one it is UTC. */
    private static final DateTimeFormatter ISO = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .appendPattern("['T'][' ']")
            .append(DateTimeFormatter.ISO_LOCAL_TIME)
            .optionalStart()
            .appendOffsetId()
            .optionalEnd()
            .parseDefaulting(ChronoField.OFFSET_SECONDS, 0)
            .toFormatter();

    private EventTime() {}

    /** ISO-8601 text as epoch milliseconds, or NaN; without an offset it is UTC, a date alone is its midnight. */
    public static double isoMillis(String text) {
        try {
            if (text.length() == 10) {
                return LocalDate.parse(text)
                        .atStartOfDay(ZoneOffset.UTC)
                        .toInstant()
                        .toEpochMilli();
            }
            return Instant.from(ISO.parse(text)).toEpochMilli();
        } catch (DateTimeException | ArithmeticException e) {
            return Double.NaN;
        }
    }
}
