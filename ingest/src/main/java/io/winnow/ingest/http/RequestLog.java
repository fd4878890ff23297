package io.winnow.ingest.http;

import java.util.List;
import org.apache.kafka.common.KafkaException;

/** Where a stream's requests are written, each whole or not at all, together with what is remembered of them. One thread's. */
interface RequestLog extends AutoCloseable {
    /** Another gateway writes the stream now; this one must not any more. */
    final class TakenOverException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** The transaction may or may not have been committed: only {@link #open} can tell. */
    final class UncertainException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UncertainException(KafkaException cause) {
            super(cause);
        }
    }

    /** Among the requests is a record that the topic does not take; none of them was written. */
    final class TooLargeException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooLargeException(Throwable cause) {
            super(cause);
        }
    }

    /**
     * Begins, or begins again after a failure: what was left open by whoever wrote before is undone or completed first.
     *
     * @return the last request of each client
     * @throws TakenOverException if another gateway has begun since this one did
     * @throws KafkaException if it cannot be had now
     */
    Clients open();

    /**
     * Writes requests, all or none.
     *
     * @return where their records lie, in order
     * @throws TooLargeException if one of them can never be written; go on
     * @throws UncertainException if it is not known whether they were; {@link #open} again
     * @throws KafkaException if they were not written; {@link #open} again
     */
    List<Receipt> write(List<Submission> requests);

    @Override
    void close();
}
