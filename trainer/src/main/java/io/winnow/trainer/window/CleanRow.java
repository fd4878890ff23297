package io.winnow.trainer.window;

import io.winnow.core.row.Row;

/**
 * One decoded record of the clean topic and where it was.
 *
 * @param partition its partition
 * @param offset its offset
 * @param rawOffset the offset of the raw record that it came from, which orders rows of one partition and time
 * @param timestamp the record's Kafka timestamp in epoch milliseconds
 * @param key a hash of its Kafka key; rows with the same hash are one key's
 * @param released whether an operator released it, so that it arrived after its time
 * @param row its content; copied where it is kept
 */
public record CleanRow(
        int partition, long offset, long rawOffset, long timestamp, long key, boolean released, Row row) {}
