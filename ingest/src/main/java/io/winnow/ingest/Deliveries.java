package io.winnow.ingest;

import io.winnow.core.tabular.FileRecord;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;

/** What became of the records handed to the producer. Thread-safe: the producer's thread reports here. */
final class Deliveries {
    /**
     * A record that was not acknowledged.
     *
     * @param sequence how many were handed over before it
     * @param file its file
     * @param line its line
     * @param cause why
     */
    record Failure(long sequence, Path file, long line, Exception cause) {}

    private final Aside aside;
    private final List<String> problems = new ArrayList<>();
    private long handedOver;
    private long acknowledged;
    private long bytes;
    private long tooLarge;
    private long unreadable;
    private @Nullable Failure first;

    Deliveries(Aside aside) {
        this.aside = aside;
    }

    /** Counts a record that is about to be handed over; the callback says what becomes of it. */
    synchronized Callback expect(Path file, FileRecord record) {
        long sequence = handedOver++;
        if (record.problem() != null) {
            unreadable++;
            problem(file, record.line(), record.problem() + "; sent as it is");
        }
        int length = record.value().length;
        return (metadata, e) -> {
            if (e == null) {
                acknowledge(length);
            } else if (e instanceof RecordTooLargeException || e instanceof RecordBatchTooLargeException) {
                setAside(sequence, file, record);
            } else {
                fail(new Failure(sequence, file, record.line(), e));
            }
        };
    }

    private synchronized void acknowledge(int length) {
        acknowledged++;
        bytes += length;
    }

    private synchronized void setAside(long sequence, Path file, FileRecord record) {
        try {
            aside.keep(record.value());
            tooLarge++;
            unreadable -= record.problem() == null ? 0 : 1;
            problem(
                    file,
                    record.line(),
                    "is larger than the topic takes (" + record.value().length + " bytes); kept in " + aside.file());
        } catch (IOException e) {
            fail(new Failure(sequence, file, record.line(), e));
        }
    }

    private synchronized void fail(Failure failure) {
        if (first == null || failure.sequence < first.sequence) {
            first = failure;
        }
    }

    private void problem(Path file, long line, String problem) {
        if (problems.size() < IngestReport.MAX_PROBLEMS) {
            problems.add(file + ":" + line + ": " + problem);
        }
    }

    /** The first record, in the order of the files, that failed so far. */
    synchronized @Nullable Failure firstFailure() {
        return first;
    }

    synchronized long handedOver() {
        return handedOver;
    }

    synchronized long acknowledged() {
        return acknowledged;
    }

    synchronized List<String> problems() {
        return List.copyOf(problems);
    }

    synchronized IngestReport report(long blankLines, double seconds, boolean interrupted) {
        return new IngestReport(acknowledged, unreadable, tooLarge, blankLines, bytes, seconds, interrupted, problems);
    }
}
