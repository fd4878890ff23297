package io.winnow.monitoring.topology;

import io.winnow.core.contract.Contract;
import io.winnow.core.hygiene.Explanation;
import io.winnow.core.hygiene.Judge;
import io.winnow.core.hygiene.Profile;
import io.winnow.core.row.Row;
import io.winnow.core.row.RowDecoder;
import io.winnow.core.sequence.Past;
import io.winnow.core.topic.DqHeaders;
import io.winnow.core.topic.RecordId;
import io.winnow.monitoring.cases.Again;
import io.winnow.monitoring.cases.KeptRecord;
import org.jspecify.annotations.Nullable;

/**
 * Judges records again under the profile that a change of regime ended with. Not thread-safe.
 *
 * <p>Under a contract that compares a record with its key's last ones, {@code dq.context} names two: the last one, which is
 * here if it was set aside too, as most are while a stream changes; and the last accepted one, which never is. By the last
 * one alone a record is no less surprising than by both, so that what is acceptable by it is acceptable. Where even that is
 * not here, the record is judged on its own, and said to be.
 */
final class SecondJudge {
    private final Contract contract;
    private final Change change;
    private final Profile profile;
    private final Judge judge;
    private final RowDecoder decoder;
    private final Row row;
    private final double threshold;

    /** Finds what is kept of other records. */
    @FunctionalInterface
    interface Kept {
        /** The value of this record; null if it is not here. */
        byte @Nullable [] value(RecordId id);
    }

    /**
     * @throws IllegalArgumentException if the change brought no profile of this contract
     */
    SecondJudge(Contract contract, Change ended) {
        this.contract = contract;
        change = ended;
        profile = Profile.decode(ended.profile());
        judge = new Judge(contract, profile);
        decoder = new RowDecoder(contract);
        row = new Row(contract);
        threshold = contract.hygiene().quarantineBits();
    }

    Change change() {
        return change;
    }

    /** The verdict now; null where the value cannot be scored. */
    @Nullable
    Again judge(KeptRecord record, Kept kept, long now) {
        if (decoder.decode(record.value(), row) != null) {
            return null;
        }
        String context = contract.contextPerKey() ? record.header(DqHeaders.CONTEXT) : null;
        Past past = context == null ? null : past(record.id(), context, kept);
        double bits = past == null
                ? judge.bits(row)
                : Explanation.of(contract, profile, record.value(), past).bits();
        return new Again(bits, threshold, profile.hash(), now, context != null && past == null);
    }

    private @Nullable Past past(RecordId id, String context, Kept kept) {
        try {
            return Past.byLastRow(
                    contract,
                    context,
                    row,
                    offset -> offset >= id.offset()
                            ? null
                            : kept.value(new RecordId(id.topic(), id.partition(), offset)));
        } catch (IllegalArgumentException e) {
            return null; // Not what a job wrote under this contract: nothing to compare with.
        }
    }
}
