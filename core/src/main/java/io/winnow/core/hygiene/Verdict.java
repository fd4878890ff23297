package io.winnow.core.hygiene;

import io.winnow.core.row.Reason;
import io.winnow.core.sequence.Reference;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of one record. Built by {@link Judge}.
 *
 * @param reason why it is quarantined; null where it is clean
 * @param detail one line for a person; empty where it is clean
 * @param bits its surprise; NaN where it could not be scored (malformed or invalid)
 * @param threshold the threshold in bits that was in force
 * @param fields the most surprising fields first, at most eight; empty where it is clean or not scored
 * @param features the standardized vector, contract order, NaN = missing; null unless clean
 * @param context what it was compared with; null where there was nothing, or the contract does not ask
 */
public record Verdict(
        @Nullable Reason reason,
        String detail,
        double bits,
        double threshold,
        List<FieldBits> fields,
        float @Nullable [] features,
        @Nullable Reference context) {

    /** Whether the record goes to the clean topic. */
    public boolean isClean() {
        return reason == null;
    }
}
