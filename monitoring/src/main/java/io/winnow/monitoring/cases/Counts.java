package io.winnow.monitoring.cases;

import io.winnow.core.row.Reason;
import java.util.EnumMap;
import java.util.Map;

/**
 * How many cases are where, kept by the desk on every transition.
 *
 * @param cases by state and reason; a pair that is absent is 0
 * @param conflicts contrary decisions
 * @param refused releases of records that cannot be put together again
 * @param replayed quarantined records that came again
 */
public record Counts(Map<CaseState, Map<Reason, Long>> cases, long conflicts, long refused, long replayed) {
    /** No case at all. */
    public static final Counts NONE = new Counts(Map.of(), 0, 0, 0);

    public Counts {
        Map<CaseState, Map<Reason, Long>> copy = new EnumMap<>(CaseState.class);
        cases.forEach((state, byReason) -> copy.put(state, Map.copyOf(byReason)));
        cases = Map.copyOf(copy);
    }

    /** Cases in this state for this reason. */
    public long of(CaseState state, Reason reason) {
        return cases.getOrDefault(state, Map.of()).getOrDefault(reason, 0L);
    }

    /** Cases in this state. */
    public long of(CaseState state) {
        return cases.getOrDefault(state, Map.of()).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    /** Both together. */
    public Counts plus(Counts other) {
        Map<CaseState, Map<Reason, Long>> sum = new EnumMap<>(CaseState.class);
        for (CaseState state : CaseState.values()) {
            Map<Reason, Long> byReason = new EnumMap<>(Reason.class);
            for (Reason reason : Reason.values()) {
                byReason.put(reason, of(state, reason) + other.of(state, reason));
            }
            sum.put(state, byReason);
        }
        return new Counts(sum, conflicts + other.conflicts, refused + other.refused, replayed + other.replayed);
    }
}
