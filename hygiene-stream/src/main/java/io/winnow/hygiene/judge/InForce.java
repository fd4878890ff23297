package io.winnow.hygiene.judge;

/**
 * Which profile a subtask judged by when the checkpoint was taken. A Flink POJO.
 *
 * @param hash the profile's hash
 * @param offset where the profile lies in the channel
 * @param rows rows that the profile had learned
 */
public record InForce(String hash, long offset, long rows) {}
