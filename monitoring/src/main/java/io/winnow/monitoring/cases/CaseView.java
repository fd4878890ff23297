package io.winnow.monitoring.cases;

import io.winnow.core.row.Reason;
import io.winnow.core.topic.RecordId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads the cases. Every method may throw {@link NotReadyException} while the store is being restored. */
public interface CaseView {
    /** No page holds more cases. */
    int MAX_LIMIT = 500;

    /**
     * Which cases to list, newest first.
     *
     * @param state the state they are in
     * @param reasons the reasons to include
     * @param acceptedNow only those that would be accepted now; they are open and surprising
     * @param after where the last page ended; null for the first page
     * @param limit at most this many, 1 to {@link #MAX_LIMIT}
     */
    record Query(
            CaseState state,
            Set<Reason> reasons,
            boolean acceptedNow,
            @Nullable Cursor after,
            int limit) {
        public Query {
            reasons = Set.copyOf(reasons);
            if (limit < 1 || limit > MAX_LIMIT) {
                throw new IllegalArgumentException("limit must lie between 1 and " + MAX_LIMIT + ", not " + limit);
            }
        }
    }

    /**
     * One page.
     *
     * @param cases newest first
     * @param next where the next page starts; null on the last
     */
    record Page(List<Case> cases, @Nullable Cursor next) {
        public Page {
            cases = List.copyOf(cases);
        }
    }

    /** One page of cases; reads only about as many as it returns. */
    Page page(Query query);

    /** The case of this record. */
    Optional<Case> find(RecordId id);

    /** The record itself; the parts that are here, joined, where it was cut. */
    Optional<KeptRecord> record(RecordId id);

    /** What is known of changes of the stream's regime. */
    RegimeView regime();

    /** How many cases there are, and what was counted on the way. */
    Counts counts();
}
