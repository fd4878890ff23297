package io.winnow.monitoring.ledger;

/** Where a verdict lies. */
public enum Side {
    /** The clean topic. */
    CLEAN,
    /** The quarantine topic. */
    QUARANTINE
}
