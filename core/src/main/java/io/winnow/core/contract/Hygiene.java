package io.winnow.core.contract;

/**
 * What is set aside.
 *
 * @param quarantineBits records at least this surprising are quarantined: {@code b} bits is about one clean record in
 *     {@code 2^b}
 * @param onRegimeChange what to do when the stream has changed for good
 * @param breaker what to do when nearly everything is set aside
 */
public record Hygiene(double quarantineBits, OnRegimeChange onRegimeChange, Breaker breaker) {
    /** About one clean record in 1,024; adapts; an alarm when nine of ten are set aside. */
    public static final Hygiene DEFAULT = new Hygiene(10);

    public Hygiene {
        if (!(quarantineBits >= 1 && quarantineBits <= 40)) {
            throw new IllegalArgumentException("quarantine-bits must lie between 1 and 40, not " + quarantineBits);
        }
    }

    /** This gate; a stream that changes is adapted to. */
    public Hygiene(double quarantineBits) {
        this(quarantineBits, OnRegimeChange.ADAPT);
    }

    /** This gate and policy; the usual breaker. */
    public Hygiene(double quarantineBits, OnRegimeChange onRegimeChange) {
        this(quarantineBits, onRegimeChange, Breaker.DEFAULT);
    }
}
