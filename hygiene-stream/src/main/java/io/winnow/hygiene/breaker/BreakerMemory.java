package io.winnow.hygiene.breaker;

/**
 * A subtask's breaker when the checkpoint was taken. A Flink POJO.
 *
 * @param subtask whose
 * @param counts as {@link io.winnow.core.hygiene.BreakerCounts#snapshot} gave them
 * @param stopped whether it waits for an operator's word
 * @param wordsFrom where that word is looked for
 */
public record BreakerMemory(int subtask, int[] counts, boolean stopped, long wordsFrom) {}
