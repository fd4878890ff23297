package io.winnow.trainer.window;

import io.winnow.core.row.Row;
import org.jspecify.annotations.Nullable;

/**
 * A target that came as a record of its own. It belongs to the row that it names: by its raw record, or by key and event
 * time; where it names only the key, to the key's newest row that had come by then and waits for one.
 *
 * @param partition of the labels topic
 * @param offset on it
 * @param timestamp the record's Kafka timestamp in epoch milliseconds: since when it is known
 * @param key a hash of its Kafka key, as {@link CleanRow#key}
 * @param raw the raw record that it names; null where it names none
 * @param eventTime the event time that it names in epoch milliseconds; {@link Row#NO_TIME} where it names none
 * @param number the target where it is a number (a boolean as 0 or 1), else NaN
 * @param category the target where it is a category
 */
public record Label(
        int partition,
        long offset,
        long timestamp,
        long key,
        @Nullable RawPlace raw,
        long eventTime,
        double number,
        @Nullable String category) {

    /** What became of a label. */
    public enum Fate {
        /** A row has it now. */
        JOINED,
        /** Its row may still come. */
        WAITING,
        /** It came later after its row than the contract allows. */
        LATE,
        /** It is older than all rows that were read. */
        BEFORE
    }
}
