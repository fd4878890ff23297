package io.winnow.monitoring.ledger;

import java.util.ArrayList;
import java.util.List;

/**
 * What an account comes to; the components are {@link AuditReport}'s.
 *
 * @param doubted records among the pending that an open transaction may hold a verdict for
 * @param foreign verdicts, parts and releases that are about no record of raw
 * @param missingRanges which records are missing, in order; perhaps only the first
 */
public record Balance(
        long raw,
        long clean,
        long quarantined,
        long released,
        long pending,
        long expired,
        long missing,
        long duplicated,
        long doubted,
        long foreign,
        List<RawRange> missingRanges) {
    /** Of an account without records. */
    public static final Balance ZERO = new Balance(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, List.of());

    public Balance {
        missingRanges = List.copyOf(missingRanges);
    }

    /** Whether nothing is missing or duplicated and the counts add up. */
    public boolean isConserved() {
        return missing == 0 && duplicated == 0 && clean + quarantined == raw;
    }

    /** Both together. */
    public Balance plus(Balance o) {
        List<RawRange> ranges = new ArrayList<>(missingRanges);
        ranges.addAll(o.missingRanges);
        return new Balance(
                raw + o.raw,
                clean + o.clean,
                quarantined + o.quarantined,
                released + o.released,
                pending + o.pending,
                expired + o.expired,
                missing + o.missing,
                duplicated + o.duplicated,
                doubted + o.doubted,
                foreign + o.foreign,
                ranges);
    }
}
