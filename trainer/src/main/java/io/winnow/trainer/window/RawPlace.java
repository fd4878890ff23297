package io.winnow.trainer.window;

/**
 * Where a row's raw record lies: clean and quarantined rows keep its partition.
 *
 * @param partition of the raw topic
 * @param offset of the raw record
 */
public record RawPlace(int partition, long offset) {}
