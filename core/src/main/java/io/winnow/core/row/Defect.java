package io.winnow.core.row;

/**
 * What is wrong with a record that cannot be scored.
 *
 * @param reason {@link Reason#MALFORMED} or {@link Reason#INVALID}
 * @param detail one line for a person; record content in it is quoted by {@link Quote}
 */
public record Defect(Reason reason, String detail) {}
