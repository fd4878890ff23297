package io.winnow.core.review;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.winnow.core.audit.AuditEvent;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;

/**
 * An operator's word that a stream whose breaker has stopped it is to be judged on: a CloudEvents 1.0 event in structured
 * mode on {@code S.audit}.
 *
 * @param stream the stream's name
 * @param id the event's own
 * @param at when it was said
 * @param by who says so
 * @param why in their words
 */
public record GoAhead(String stream, String id, Instant at, String by, String why) {
    /** The event's type. */
    public static final String TYPE = "io.winnow.breaker.go-ahead";

    private static final JsonMapper JSON = new JsonMapper();

    /** The event. */
    public byte[] encode() {
        return new AuditEvent(id, stream, TYPE, at, Map.of("by", by, "why", why)).encode();
    }

    /** Whether an event of {@code S.audit}, whatever it is, is such a word. */
    public static boolean isOne(byte[] event) {
        try {
            JsonNode read = JSON.readTree(event);
            return read != null && read.path("type").asText().equals(TYPE);
        } catch (IOException e) {
            return false;
        }
    }
}
