package io.winnow.monitoring.cases;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.winnow.core.review.Decision;
import io.winnow.core.row.Reason;
import io.winnow.core.topic.RecordId;
import org.jspecify.annotations.Nullable;

/**
 * One quarantined record under review. Its bytes lie apart ({@link KeptRecord}), so that a list of cases never reads
 * them.
 *
 * @param topic the raw topic
 * @param partition the raw partition
 * @param offset the raw offset
 * @param timestamp the raw record's Kafka timestamp, milliseconds since 1970
 * @param receivedAt when the desk saw it first, milliseconds since 1970
 * @param size bytes of the value that are here
 * @param parts into how many pieces it was cut; 1 for nearly all
 * @param partsHere how many of them are here
 * @param finding why it was set aside
 * @param state where it stands
 * @param decision the decision that counts; null while open
 * @param dueAt when a held release is forwarded, milliseconds since 1970; null unless held
 * @param conflicts how many contrary decisions came after the first
 * @param lastConflict the last of those
 * @param again what its verdict would be now; null unless it was judged again
 */
public record Case(
        String topic,
        int partition,
        long offset,
        long timestamp,
        long receivedAt,
        long size,
        int parts,
        int partsHere,
        Finding finding,
        CaseState state,
        @Nullable Decision decision,
        @Nullable Long dueAt,
        int conflicts,
        @Nullable Decision lastConflict,
        @Nullable Again again)
        implements Entry {

    public Case {
        if ((state == CaseState.OPEN) != (decision == null) || (state == CaseState.HELD) != (dueAt != null)) {
            throw new IllegalArgumentException("a case that is " + state.label() + " cannot have decision "
                    + (decision == null ? "none" : decision.action()) + " and due time " + dueAt);
        }
    }

    /** The raw record's id. */
    @JsonIgnore
    public RecordId id() {
        return new RecordId(topic, partition, offset);
    }

    /**
     * Whether a release could put it on the clean topic as it came: in one piece, and not where only its headers are here
     * because a side file holds its bytes.
     */
    @JsonIgnore
    public boolean isReleasable() {
        return parts == 1 && !(finding.reason() == Reason.TOO_LARGE && size == 0);
    }

    /** Whether it waits for a decision and would be accepted now. */
    @JsonIgnore
    public boolean isAcceptedNow() {
        return state == CaseState.OPEN && again != null && again.accepts();
    }

    /** The same, judged again. */
    public Case judged(Again now) {
        return with(size, partsHere, state, decision, dueAt, conflicts, lastConflict, now);
    }

    Case withPart(long bytes) {
        return with(size + bytes, partsHere + 1, state, decision, dueAt, conflicts, lastConflict, again);
    }

    Case decided(Decision by, CaseState next, @Nullable Long due) {
        return with(size, partsHere, next, by, due, conflicts, lastConflict, again);
    }

    Case conflicting(int more, @Nullable Decision last) {
        return with(size, partsHere, state, decision, dueAt, conflicts + more, last, again);
    }

    /** What was set aside and why never changes; the rest does. */
    private Case with(
            long newSize,
            int newParts,
            CaseState newState,
            @Nullable Decision newDecision,
            @Nullable Long newDueAt,
            int newConflicts,
            @Nullable Decision newConflict,
            @Nullable Again newAgain) {
        return new Case(
                topic,
                partition,
                offset,
                timestamp,
                receivedAt,
                newSize,
                parts,
                newParts,
                finding,
                newState,
                newDecision,
                newDueAt,
                newConflicts,
                newConflict,
                newAgain);
    }
}
