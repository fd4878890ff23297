package io.winnow.core.hygiene;

/**
 * How far one field of the rows of late is from what the profile knows of it: 0 where they agree.
 *
 * @param field the field's name
 * @param psi population stability index, Σ (q − p) ln (q / p) over bins; above 0.25 is taken for a shift. NaN while too few
 *     rows were seen
 * @param jensenShannonBits Jensen–Shannon divergence over the same bins (Lin 1991), 0 to 1 bit; NaN likewise
 */
public record FieldDrift(String field, double psi, double jensenShannonBits) {}
