package io.winnow.ingest;

import java.util.List;
import java.util.Locale;

/**
 * What a run did.
 *
 * @param sent records that the brokers acknowledged
 * @param unreadable lines among them that could not be read and went as they are, to be quarantined
 * @param tooLarge records that the topic does not take; they are in {@code asideFile}
 * @param blankLines empty lines of CSV files, which hold no record
 * @param bytes of the values sent
 * @param seconds from the first byte read to the last acknowledgement
 * @param interrupted whether it was stopped before the end of the files
 * @param problems the first unreadable or too large lines, as {@code file:line: problem}; at most {@link #MAX_PROBLEMS}
 */
public record IngestReport(
        long sent,
        long unreadable,
        long tooLarge,
        long blankLines,
        long bytes,
        double seconds,
        boolean interrupted,
        List<String> problems) {

    /** More problems than this are only counted. */
    public static final int MAX_PROBLEMS = 20;

    public IngestReport {
        problems = List.copyOf(problems);
    }

    /** Records acknowledged per second. */
    public double recordsPerSecond() {
        return seconds > 0 ? sent / seconds : 0;
    }

    /** One line for a person. */
    public String summary() {
        StringBuilder s = new StringBuilder(String.format(
                Locale.ROOT,
                "%,d records acknowledged in %.1f s (%,.0f records/s, %.1f MiB)",
                sent,
                seconds,
                recordsPerSecond(),
                bytes / 1048576.0));
        if (unreadable > 0) {
            s.append(String.format(
                    Locale.ROOT, "; %,d of them could not be read and were sent as they are", unreadable));
        }
        if (tooLarge > 0) {
            s.append(String.format(Locale.ROOT, "; %,d more are too large for the topic and were set aside", tooLarge));
        }
        if (blankLines > 0) {
            s.append(String.format(Locale.ROOT, "; %,d empty lines passed over", blankLines));
        }
        return s.append(interrupted ? "; stopped before the end" : "").toString();
    }
}
