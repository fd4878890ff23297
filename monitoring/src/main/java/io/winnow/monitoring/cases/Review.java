package io.winnow.monitoring.cases;

import io.winnow.core.review.Decision;
import io.winnow.monitoring.cases.Step.Outcome;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The law of the desk. One record has one case; the first decision wins, a contrary one is a conflict; a replayed
 * record or a repeated decision changes nothing; a decision may come before its case. Pure: the clock is an argument.
 *
 * @param hold how long a release waits before it is forwarded, ≥ 0
 */
public record Review(Duration hold) {
    public Review {
        if (hold.isNegative()) {
            throw new IllegalArgumentException("release hold must be 0 or more, not " + hold);
        }
    }

    /**
     * A record came off the quarantine topic.
     *
     * @param before what the store holds for its id
     * @param record the record, or one part of it
     * @param fresh whether these bytes (this part) were not here before
     * @param now milliseconds since 1970
     * @throws IllegalArgumentException if its headers do not say why it is here
     */
    public Step arrived(@Nullable Entry before, KeptRecord record, boolean fresh, long now) {
        byte[] value = record.value();
        long size = value == null ? 0 : value.length;
        if (before instanceof Case c) {
            boolean part = fresh && c.parts() > 1 && c.partsHere() < c.parts();
            return part ? new Step(c.withPart(size), Outcome.PART_ADDED) : new Step(c, Outcome.REPLAYED);
        }
        Case opened = new Case(
                record.id().topic(),
                record.id().partition(),
                record.id().offset(),
                record.timestamp(),
                now,
                size,
                Part.parse(record.header(Part.HEADER)).of(),
                1,
                Finding.of(record),
                CaseState.OPEN,
                null,
                null,
                0,
                null,
                null);
        if (before instanceof Waiting w) {
            Step first = decide(opened, w.decision(), now);
            return new Step(
                    first.after() instanceof Case c ? c.conflicting(w.conflicts(), w.lastConflict()) : first.after(),
                    first.outcome());
        }
        return new Step(opened, Outcome.OPENED);
    }

    /**
     * Somebody decided.
     *
     * @param before what the store holds for the decision's record
     * @param now milliseconds since 1970
     */
    public Step decided(@Nullable Entry before, Decision decision, long now) {
        if (before == null) {
            return new Step(new Waiting(decision, 0, null), Outcome.WAITING);
        }
        if (before instanceof Waiting w) {
            return switch (compare(w.decision(), decision, w.lastConflict())) {
                case CONFLICT -> new Step(new Waiting(w.decision(), w.conflicts() + 1, decision), Outcome.CONFLICT);
                default -> new Step(w, Outcome.REPEATED);
            };
        }
        Case c = (Case) before;
        Decision first = c.decision();
        if (first == null) {
            return decide(c, decision, now);
        }
        return switch (compare(first, decision, c.lastConflict())) {
            case CONFLICT -> new Step(c.conflicting(1, decision), Outcome.CONFLICT);
            default -> new Step(c, Outcome.REPEATED);
        };
    }

    /**
     * A hold has ended.
     *
     * @throws IllegalArgumentException if the case is not held
     */
    public Step due(Case held) {
        if (held.state() != CaseState.HELD) {
            throw new IllegalArgumentException(
                    "case " + held.id() + " is " + held.state().label() + ", not held");
        }
        return new Step(
                held.decided(Objects.requireNonNull(held.decision()), CaseState.RELEASED, null), Outcome.RELEASED);
    }

    private Step decide(Case open, Decision decision, long now) {
        return switch (decision.action()) {
            case DISCARD -> new Step(open.decided(decision, CaseState.DISCARDED, null), Outcome.DISCARDED);
            case RELEASE -> {
                if (!open.isReleasable()) {
                    yield new Step(open, Outcome.REFUSED);
                }
                yield hold.isZero()
                        ? new Step(open.decided(decision, CaseState.RELEASED, null), Outcome.RELEASED)
                        : new Step(open.decided(decision, CaseState.HELD, now + hold.toMillis()), Outcome.HELD);
            }
        };
    }

    /** A repeated id is the same decision, and a conflict delivered twice is one conflict. */
    private static Outcome compare(Decision first, Decision later, @Nullable Decision lastConflict) {
        boolean same = first.id().equals(later.id()) || first.action() == later.action();
        boolean counted = lastConflict != null && lastConflict.id().equals(later.id());
        return same || counted ? Outcome.REPEATED : Outcome.CONFLICT;
    }
}
