package io.winnow.trainer.window;

import io.winnow.core.row.Row;

/**
 * One decoded, judged record and where it was.
 *
 * @param partition its partition
 * @param offset its offset on the topic that it was read from
 * @param rawOffset the offset of the raw record that it came from, which orders rows of one partition and time
 * @param timestamp the record's Kafka timestamp in epoch milliseconds
 * @param key a hash of its Kafka key; rows with the same hash are one key's
 * @param standing what became of it
 * @param row its content; copied where it is kept
 */
public record CleanRow(
        int partition, long offset, long rawOffset, long timestamp, long key, Standing standing, Row row) {

    /** What became of a row. */
    public enum Standing {
        /** Clean at once. */
        ACCEPTED,
        /** Released by an operator, so that it arrived after its time: learned from, but in nobody's history. */
        RELEASED,
        /** Quarantined: models are judged by it, too, or the gate would hide the hard rows; nothing learns from it. */
        ASIDE
    }
}
