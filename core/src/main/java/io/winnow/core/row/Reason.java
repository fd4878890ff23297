package io.winnow.core.row;

/** Why a record is quarantined: the values of {@code dq.reason}. A closed set. */
public enum Reason {
    /** Not a JSON object at all, or one that no reader can be sure of. */
    MALFORMED,
    /** A JSON object that breaks the contract. */
    INVALID,
    /** Valid, and at least as surprising as the threshold. */
    SURPRISING,
    /** Together with its headers larger than its topic takes. */
    TOO_LARGE
}
