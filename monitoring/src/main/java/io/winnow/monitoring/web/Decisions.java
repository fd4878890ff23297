package io.winnow.monitoring.web;

import io.winnow.core.review.Decision;
import io.winnow.core.topic.RecordId;
import io.winnow.monitoring.cases.Case;
import io.winnow.monitoring.cases.CaseState;
import io.winnow.monitoring.cases.CaseView;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Takes decisions: all records of a request or none. A decision that the case store has not seen yet counts already, so
 * that of two people at one desk the second one is told. (Of two desks the topology decides: the first one wins there.)
 */
final class Decisions {
    private static final int MAX_ON_THEIR_WAY = 20_000;

    private final CaseView cases;
    private final DecisionLog log;
    private final Clock clock;
    private final DeskMetrics metrics;
    private final Map<String, Decision> onTheirWay = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Decision> eldest) {
            return size() > MAX_ON_THEIR_WAY;
        }
    };

    /**
     * What was decided.
     *
     * @param recordId the record
     * @param decisionId the decision that counts for it: a new one, or the same one taken before
     */
    record Taken(String recordId, String decisionId) {}

    Decisions(CaseView cases, DecisionLog log, Clock clock, DeskMetrics metrics) {
        this.cases = cases;
        this.log = log;
        this.clock = clock;
        this.metrics = metrics;
    }

    /**
     * Takes them, and returns once they are durable.
     *
     * @throws Refusal with status 404 if a record has no case, 409 if one was decided otherwise or cannot be released
     */
    synchronized List<Taken> take(DecisionRequest request) {
        List<String> unknown = new ArrayList<>();
        List<String> contrary = new ArrayList<>();
        List<String> cut = new ArrayList<>();
        List<Taken> taken = new ArrayList<>();
        List<Decision> fresh = new ArrayList<>();
        String at = clock.instant().toString();
        for (String id : request.recordIds()) {
            Case found = find(id);
            if (found == null) {
                unknown.add(id);
                continue;
            }
            Decision before = before(found);
            if (before != null && before.action() != request.action()) {
                contrary.add(id);
            } else if (before != null) {
                taken.add(new Taken(id, before.id()));
            } else if (request.action() == Decision.Action.RELEASE && !found.isReleasable()) {
                cut.add(id);
            } else {
                Decision decision = decision(id, request, at);
                fresh.add(decision);
                taken.add(new Taken(id, decision.id()));
            }
        }
        refuse(404, "no case for this record; nothing was decided", unknown);
        if (!contrary.isEmpty()) {
            metrics.conflicts(contrary.size());
        }
        refuse(409, "already decided otherwise, and the first decision counts; nothing was decided", contrary);
        refuse(409, "kept in parts or in a side file, so it cannot be released as it came; nothing was decided", cut);
        if (!fresh.isEmpty()) {
            log.append(fresh);
            fresh.forEach(decision -> onTheirWay.put(decision.recordId(), decision));
            metrics.decided(request.action(), fresh.size());
        }
        return taken;
    }

    private @Nullable Case find(String id) {
        RecordId parsed;
        try {
            parsed = RecordId.parse(id);
        } catch (IllegalArgumentException e) {
            return null;
        }
        return cases.find(parsed).orElse(null);
    }

    private @Nullable Decision before(Case found) {
        if (found.state() == CaseState.OPEN) {
            return onTheirWay.get(found.id().toString());
        }
        onTheirWay.remove(found.id().toString());
        return found.decision();
    }

    private static Decision decision(String id, DecisionRequest request, String at) {
        try {
            return new Decision(UUID.randomUUID().toString(), id, request.action(), request.by(), at, request.why());
        } catch (IllegalArgumentException e) {
            throw new Refusal(400, String.valueOf(e.getMessage()));
        }
    }

    private static void refuse(int status, String message, List<String> ids) {
        if (!ids.isEmpty()) {
            throw new Refusal(status, message, ids);
        }
    }
}
