package io.winnow.core.hygiene;

/**
 * How surprising one field's value is by itself.
 *
 * @param field the feature's name
 * @param bits its surprisal in bits, ≥ 0
 */
public record FieldBits(String field, double bits) {}
