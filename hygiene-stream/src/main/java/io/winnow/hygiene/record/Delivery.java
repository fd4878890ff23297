package io.winnow.hygiene.record;

import org.jspecify.annotations.Nullable;

/**
 * One record on its way to the clean or the quarantine topic: the producer's bytes, and headers of which those named
 * {@code dq.*} are Winnow's. A Flink POJO. The arrays are shared, never written.
 *
 * @param partition the raw record's partition number, and the target's
 * @param timestamp the raw record's Kafka timestamp in epoch milliseconds; negative where there is none
 * @param key the producer's key bytes; null where there is none
 * @param value the producer's bytes; null for a tombstone, and where a side file holds them
 * @param headerNames names of all headers, in order
 * @param headerValues their values, index by index
 */
public record Delivery(
        int partition,
        long timestamp,
        byte @Nullable [] key,
        byte @Nullable [] value,
        String[] headerNames,
        byte[] @Nullable [] headerValues) {

    /** The last value of a header, or null. */
    public byte @Nullable [] header(String name) {
        for (int i = headerNames.length - 1; i >= 0; i--) {
            if (headerNames[i].equals(name)) {
                return headerValues[i];
            }
        }
        return null;
    }
}
