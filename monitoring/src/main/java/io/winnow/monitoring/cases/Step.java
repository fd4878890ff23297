package io.winnow.monitoring.cases;

import java.util.Optional;

/**
 * One transition.
 *
 * @param after what the store holds from now on
 * @param outcome what happened; only {@link Outcome#RELEASED} forwards the record
 */
public record Step(Entry after, Outcome outcome) {

    /** What an event did. */
    public enum Outcome {
        /** A new case, open. */
        OPENED,
        /** Another piece of a record that is kept in parts. */
        PART_ADDED,
        /** A record that was here before: nothing changes. */
        REPLAYED,
        /** A decision without a case: it waits. */
        WAITING,
        /** Release is decided and held. */
        HELD,
        /** The record goes to the clean topic now. */
        RELEASED,
        /** Left out for good. */
        DISCARDED,
        /** The same decision again: nothing changes. */
        REPEATED,
        /** A contrary decision: the first one stands. */
        CONFLICT,
        /** A release of a record that cannot be put together again: the case stays open. */
        REFUSED
    }

    /** The case, if what the store holds is one. */
    public Optional<Case> afterCase() {
        return after instanceof Case c ? Optional.of(c) : Optional.empty();
    }
}
