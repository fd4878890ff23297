package io.winnow.hygiene.learn;

/**
 * What the merger remembers. A Flink POJO.
 *
 * @param profile the profile that the next one grows from, encoded
 * @param accepted what was accepted and is not in it yet, encoded
 * @param generation profiles made since the cold start
 * @param decided raw records with a decision, oldest first
 */
public record MergerState(byte[] profile, byte[] accepted, int generation, String[] decided) {}
