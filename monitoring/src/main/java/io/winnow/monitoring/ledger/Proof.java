package io.winnow.monitoring.ledger;

import io.winnow.core.topic.RecordId;
import io.winnow.core.topic.StreamTopics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What an audit came to know of a stream. */
public final class Proof {
    private final String stream;
    private final Map<Integer, Account> accounts;
    private final Map<Integer, Horizon> horizons;
    private final Balance balance;

    /**
     * @param foreign what was said of partitions that raw does not have
     */
    Proof(String stream, Map<Integer, Account> accounts, Map<Integer, Horizon> horizons, long foreign) {
        this.stream = stream;
        this.accounts = new TreeMap<>(accounts);
        this.horizons = Map.copyOf(horizons);
        Balance sum = new Balance(0, 0, 0, 0, 0, 0, 0, 0, 0, foreign, List.of());
        for (Map.Entry<Integer, Account> e : this.accounts.entrySet()) {
            Horizon horizon = this.horizons.get(e.getKey());
            if (horizon != null) {
                sum = sum.plus(e.getValue().balance(horizon, Integer.MAX_VALUE));
            }
        }
        balance = sum;
    }

    /** The sum over all partitions. */
    public Balance balance() {
        return balance;
    }

    /** How one offset stands; nowhere is no record. */
    public Standing standing(int partition, long offset) {
        Account account = accounts.get(partition);
        Horizon horizon = horizons.get(partition);
        return account == null || horizon == null ? Standing.NO_RECORD : account.standing(offset, horizon);
    }

    /** The audit's report. */
    public AuditReport report() {
        return new AuditReport(
                stream,
                balance.raw(),
                balance.clean(),
                balance.quarantined(),
                balance.released(),
                balance.pending(),
                balance.expired(),
                balance.missing(),
                balance.duplicated(),
                balance.isConserved(),
                firstIds(stream, balance.missingRanges()),
                balance.missingRanges());
    }

    /** The first {@link AuditReport#MAX_IDS} of these records. */
    public static List<String> firstIds(String stream, List<RawRange> ranges) {
        String raw = new StreamTopics(stream).raw();
        List<String> ids = new ArrayList<>();
        for (RawRange range : ranges) {
            for (long o = range.first(); o <= range.last() && ids.size() < AuditReport.MAX_IDS; o++) {
                ids.add(new RecordId(raw, range.partition(), o).toString());
            }
        }
        return ids;
    }
}
