package io.winnow.monitoring.ledger;

import java.util.List;

/**
 * The conservation proof of one stream.
 *
 * @param stream its name
 * @param raw records delivered under read_committed, from the partitions' common retained start to the last completed
 *     checkpoint
 * @param clean those with a verdict on the clean topic
 * @param quarantined those with a verdict on the quarantine topic alone
 * @param released records that an operator released, at most one for each id; a second delivery, no verdict
 * @param pending records after the last completed checkpoint, and records whose verdict may lie in a transaction that is
 *     still open
 * @param expired records that retention removed from raw, or whose verdict it removed
 * @param missing records without a verdict
 * @param duplicated verdicts beyond the first, and releases beyond the first, of one record
 * @param conserved whether nothing is missing or duplicated and the counts add up
 * @param missingIds the first missing records' ids, at most {@link #MAX_IDS}
 * @param missingRanges where all missing records are
 */
public record AuditReport(
        String stream,
        long raw,
        long clean,
        long quarantined,
        long released,
        long pending,
        long expired,
        long missing,
        long duplicated,
        boolean conserved,
        List<String> missingIds,
        List<RawRange> missingRanges) {

    /** More missing records than this are only counted. */
    public static final int MAX_IDS = 100;

    public AuditReport {
        missingIds = List.copyOf(missingIds);
        missingRanges = List.copyOf(missingRanges);
    }
}
