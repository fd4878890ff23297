package io.winnow.core.model;

/**
 * Offsets of one partition of the clean topic that a window covers. Offsets taken by transaction markers lie inside, so
 * a range may hold fewer records than its length.
 *
 * @param partition the partition
 * @param start the first offset
 * @param end one past the last offset
 */
public record OffsetRange(int partition, long start, long end) {
    public OffsetRange {
        if (partition < 0 || start < 0 || end < start) {
            throw new IllegalArgumentException(
                    "not an offset range: partition " + partition + ", " + start + " to " + end);
        }
    }
}
