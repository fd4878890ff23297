package io.winnow.hygiene.judge;

/**
 * What a checkpoint holds of the keys on one partition. A Flink POJO.
 *
 * @param partition of the raw topic
 * @param through the offset of the last record on it that was judged
 * @param rows what {@link io.winnow.core.sequence.SequenceMemory#encode} wrote
 */
public record SequenceState(int partition, long through, byte[] rows) {}
