package io.winnow.monitoring.web;

import io.winnow.core.review.Decision;
import io.winnow.core.row.Reason;
import io.winnow.core.topic.RecordId;
import io.winnow.monitoring.cases.Again;
import io.winnow.monitoring.cases.Case;
import io.winnow.monitoring.cases.CaseState;
import io.winnow.monitoring.cases.CaseView;
import io.winnow.monitoring.cases.Counts;
import io.winnow.monitoring.cases.Cursor;
import io.winnow.monitoring.cases.Entry;
import io.winnow.monitoring.cases.KeptRecord;
import io.winnow.monitoring.cases.NotReadyException;
import io.winnow.monitoring.cases.RegimeView;
import io.winnow.monitoring.cases.Review;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Cases in memory, under the real law. */
final class FakeCases implements CaseView {
    private final Review review = new Review(Duration.ZERO);
    private final Map<RecordId, Case> cases = new ConcurrentHashMap<>();
    private final Map<RecordId, KeptRecord> records = new ConcurrentHashMap<>();
    volatile boolean ready = true;
    private volatile RegimeView regime = RegimeView.STEADY;

    void arrive(KeptRecord record, long now) {
        records.put(record.id(), record);
        cases.put(record.id(), asCase(review.arrived(null, record, true, now).after()));
    }

    void decide(Decision decision, long now) {
        RecordId id = RecordId.parse(decision.recordId());
        cases.put(id, asCase(review.decided(cases.get(id), decision, now).after()));
    }

    private static Case asCase(Entry entry) {
        return (Case) entry;
    }

    private void check() {
        if (!ready) {
            throw new NotReadyException("not yet");
        }
    }

    @Override
    public Page page(Query query) {
        check();
        List<Case> all = cases.values().stream()
                .filter(c -> c.state() == query.state()
                        && query.reasons().contains(c.finding().reason())
                        && (!query.acceptedNow() || c.isAcceptedNow()))
                .filter(c -> query.after() == null || Cursor.of(c).compareTo(query.after()) > 0)
                .sorted(Comparator.comparing(Cursor::of))
                .toList();
        List<Case> page = all.subList(0, Math.min(query.limit(), all.size()));
        return new Page(page, page.size() < all.size() ? Cursor.of(page.get(page.size() - 1)) : null);
    }

    @Override
    public Optional<Case> find(RecordId id) {
        check();
        return Optional.ofNullable(cases.get(id));
    }

    @Override
    public Optional<KeptRecord> record(RecordId id) {
        return Optional.ofNullable(records.get(id));
    }

    /** The stream has changed, and this case was judged again. */
    void judgeAgain(RecordId id, double bits) {
        cases.computeIfPresent(id, (i, c) -> c.judged(new Again(bits, 10, "4a5b6c", c.receivedAt() + 1, false)));
    }

    void changed(@Nullable Long since, @Nullable Long began, @Nullable Long ended) {
        regime = new RegimeView(since, began, ended, 0, false, 0);
    }

    @Override
    public RegimeView regime() {
        check();
        long judged = cases.values().stream().filter(c -> c.again() != null).count();
        long accepted = cases.values().stream().filter(Case::isAcceptedNow).count();
        return regime.plus(new RegimeView(null, null, null, judged, false, accepted));
    }

    @Override
    public Counts counts() {
        check();
        Map<CaseState, Map<Reason, Long>> counts = cases.values().stream()
                .collect(Collectors.groupingBy(
                        Case::state,
                        () -> new EnumMap<>(CaseState.class),
                        Collectors.groupingBy(c -> c.finding().reason(), Collectors.counting())));
        return new Counts(counts, 0, 0, 0);
    }
}
