package io.winnow.core.review;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/**
 * What somebody decided about one quarantined record: the value on {@code S.decisions}, keyed by {@code dq.id}, as JSON.
 *
 * @param id of this decision; a repeated id is the same decision
 * @param recordId the quarantined record's {@code dq.id}
 * @param action what to do with it
 * @param by who
 * @param at when, ISO-8601 on the wire
 * @param why free text; may be empty, never trusted in a page
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Decision(String id, String recordId, Action action, String by, String at, String why) {

    /** The kinds of decisions; amend, relabel and undo join with the desk's own issue. */
    public enum Action {
        /** Put it on the clean topic, and learn from it. */
        RELEASE,
        /** Leave it out for good. */
        DISCARD
    }

    private static final ObjectMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    public Decision {
        require(id, "id", 100);
        require(recordId, "recordId", 400);
        require(by, "by", 100);
        if (action == null) {
            throw new IllegalArgumentException("a decision needs an action: RELEASE or DISCARD");
        }
        if (at == null || !isInstant(at)) {
            throw new IllegalArgumentException("a decision needs 'at' as in 2026-01-31T12:00:00Z");
        }
        if (why == null || why.length() > 2_000) {
            throw new IllegalArgumentException("why must be at most 2,000 characters");
        }
    }

    private static boolean isInstant(String text) {
        try {
            Instant.parse(text);
            return true;
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    private static void require(@Nullable String value, String name, int max) {
        if (value == null || value.isBlank() || value.length() > max) {
            throw new IllegalArgumentException("a decision needs '" + name + "' of 1 to " + max + " characters");
        }
    }

    /** As JSON in UTF-8. */
    public byte[] encode() {
        try {
            return JSON.writeValueAsBytes(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record of strings can always be written", e);
        }
    }

    /**
     * Reads {@link #encode()} back.
     *
     * @throws IllegalArgumentException if the bytes are no decision
     */
    public static Decision decode(byte[] json) {
        try {
            Decision decision = JSON.readValue(json, Decision.class);
            if (decision == null) {
                throw new IllegalArgumentException("not a decision: null");
            }
            return decision;
        } catch (IOException e) {
            throw new IllegalArgumentException("not a decision: " + e.getClass().getSimpleName(), e);
        }
    }
}
