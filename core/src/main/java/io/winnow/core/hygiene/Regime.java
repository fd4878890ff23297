package io.winnow.core.hygiene;

/** Whether a profile still fits its stream. Part of the profile: it follows from the counts of recent rows alone. */
public enum Regime {
    /** What is refused are outliers. */
    STEADY,
    /** So much is refused that it must be the stream that has changed. */
    CHANGING
}
