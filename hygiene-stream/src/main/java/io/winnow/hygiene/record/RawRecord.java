package io.winnow.hygiene.record;

import org.jspecify.annotations.Nullable;

/**
 * One record as it lies on the raw topic. A Flink POJO: public, with flat fields. The arrays are shared, never written.
 *
 * @param topic the raw topic
 * @param partition its partition
 * @param offset its offset
 * @param timestamp Kafka's timestamp in epoch milliseconds; negative where there is none
 * @param key the producer's key bytes; null where there is none
 * @param value the producer's bytes; null for a tombstone
 * @param headerNames names of all headers, in order
 * @param headerValues their values, index by index; null where Kafka's is
 */
public record RawRecord(
        String topic,
        int partition,
        long offset,
        long timestamp,
        byte @Nullable [] key,
        byte @Nullable [] value,
        String[] headerNames,
        byte[] @Nullable [] headerValues) {}
