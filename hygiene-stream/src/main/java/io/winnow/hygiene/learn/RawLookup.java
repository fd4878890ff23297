package io.winnow.hygiene.learn;

import io.winnow.core.topic.RecordId;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/** Finds a raw record by its id. Travels with the job graph; opens its connection where it runs. */
public interface RawLookup extends Serializable {
    /** Opens the connection. */
    Fetcher open();

    /** An open connection. Not thread-safe. */
    interface Fetcher extends AutoCloseable {
        /**
         * The value of a raw record.
         *
         * @return null where it was a tombstone, is not there (any more), or the id is not of the raw topic
         */
        byte @Nullable [] fetch(RecordId id);

        @Override
        void close();
    }
}
