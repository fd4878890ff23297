package io.winnow.app.demo;

import io.winnow.core.row.Reason;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How this run's records were judged, against the truth.
 *
 * @param faults for every kind, how many were sent and how many of them set aside
 * @param falseAlarms records without a fault that were set aside
 * @param reasons set-aside records by reason
 */
record Detection(Map<FaultKind, FaultCount> faults, long falseAlarms, Map<Reason, Long> reasons) {
    Detection {
        EnumMap<FaultKind, FaultCount> every = new EnumMap<>(FaultKind.class);
        for (FaultKind kind : FaultKind.values()) {
            every.put(kind, faults.getOrDefault(kind, FaultCount.NONE));
        }
        faults = Collections.unmodifiableMap(every);
        EnumMap<Reason, Long> byReason = new EnumMap<>(Reason.class);
        byReason.putAll(reasons);
        reasons = Collections.unmodifiableMap(byReason);
    }

    /** The share of the faults that a single row can show, valid by contract, that was set aside; null without any. */
    @Nullable
    Double recall() {
        long injected = 0;
        long quarantined = 0;
        for (Map.Entry<FaultKind, FaultCount> e : faults.entrySet()) {
            if (e.getKey().isValidSingleRow()) {
                injected += e.getValue().injected();
                quarantined += e.getValue().quarantined();
            }
        }
        return injected == 0 ? null : quarantined / (double) injected;
    }

    /** The share of all that was set aside that carries a fault; null if nothing was. */
    @Nullable
    Double precision() {
        long right = 0;
        for (FaultCount count : faults.values()) {
            right += count.quarantined();
        }
        return right + falseAlarms == 0 ? null : right / (double) (right + falseAlarms);
    }
}
