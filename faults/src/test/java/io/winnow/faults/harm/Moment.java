package io.winnow.faults.harm;

import java.util.List;

/**
 * A moment in a sink of the job.
 *
 * @param point what is about to happen, or has just happened
 * @param end {@code clean} or {@code quarantine}
 * @param subtask which of the sink's writers or committers
 * @param count how many moments of this point the run has had, this one included
 * @param transactions ids of the transactions that a commit is about; empty elsewhere
 */
public record Moment(Point point, String end, int subtask, long count, List<String> transactions) {
    public Moment {
        transactions = List.copyOf(transactions);
    }

    /** Where in a record's way to Kafka. */
    public enum Point {
        /** A record is about to be written. */
        WRITE,
        /** A checkpoint is about to flush the transaction. */
        BEFORE_PRE_COMMIT,
        /** The transaction is flushed, and the checkpoint not yet complete. */
        AFTER_PRE_COMMIT,
        /** The checkpoint is complete; transactions that hold records are about to be committed. */
        BEFORE_COMMIT,
        /** They are committed, and nothing knows it yet. */
        AFTER_COMMIT
    }
}
