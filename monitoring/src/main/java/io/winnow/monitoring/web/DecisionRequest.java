package io.winnow.monitoring.web;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.winnow.core.review.Decision;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /api/v1/decisions}.
 *
 * @param recordIds the records that it is about, each once, 1 to {@link #MAX_RECORDS}
 * @param action what to do with them
 * @param by who decides
 * @param why free text; may be empty
 */
record DecisionRequest(List<String> recordIds, Decision.Action action, String by, String why) {
    /** More records at once are refused. */
    static final int MAX_RECORDS = 1_000;

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /** As it is on the wire: one record or several. */
    record Body(
            @Nullable String recordId,
            @Nullable List<@Nullable String> recordIds,
            @Nullable String action,
            @Nullable String by,
            @Nullable String why) {}

    /**
     * Reads the body.
     *
     * @throws Refusal with status 400 if it is no such request
     */
    static DecisionRequest parse(byte[] json) {
        Body body;
        try {
            body = JSON.readValue(json, Body.class);
        } catch (IOException e) {
            throw bad("the body must be JSON with recordId or recordIds, action, by and why");
        }
        if (body == null) {
            throw bad("the body must be JSON with recordId or recordIds, action, by and why, not null");
        }
        Set<String> ids = new LinkedHashSet<>();
        if (body.recordId() != null) {
            ids.add(body.recordId());
        }
        if (body.recordIds() != null) {
            for (String id : body.recordIds()) {
                if (id == null) {
                    throw bad("recordIds must hold record ids (topic/partition/offset), not null");
                }
                ids.add(id);
            }
        }
        if (ids.isEmpty() || ids.size() > MAX_RECORDS) {
            throw bad("a decision needs recordId, or recordIds with 1 to " + MAX_RECORDS + " ids, not " + ids.size());
        }
        if (body.by() == null || body.by().isBlank()) {
            throw bad("a decision needs 'by': who decides");
        }
        return new DecisionRequest(
                List.copyOf(ids), action(body.action()), body.by().strip(), body.why() == null ? "" : body.why());
    }

    private static Decision.Action action(@Nullable String name) {
        for (Decision.Action action : Decision.Action.values()) {
            if (action.name().equals(name)) {
                return action;
            }
        }
        throw bad("action must be RELEASE or DISCARD");
    }

    private static Refusal bad(String message) {
        return new Refusal(400, message);
    }
}
