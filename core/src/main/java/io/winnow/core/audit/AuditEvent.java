package io.winnow.core.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An action, as CloudEvents 1.0 has it (structured mode of its Kafka binding).
 *
 * @param id follows from the action, so that the same one said twice is seen to be one
 * @param stream that it happened to
 * @param type of the action, {@code io.winnow.…}
 * @param at when
 * @param data what else there is to say, as JSON's types
 */
public record AuditEvent(String id, String stream, String type, Instant at, Map<String, Object> data) {
    /** The record's {@code content-type} header. */
    public static final String CONTENT_TYPE = "application/cloudevents+json; charset=UTF-8";

    private static final JsonMapper JSON = new JsonMapper();

    /** As JSON in UTF-8. */
    public byte[] encode() {
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("specversion", "1.0");
        event.put("id", id);
        event.put("source", "/winnow/streams/" + stream);
        event.put("type", type);
        event.put("time", at.toString());
        event.put("datacontenttype", "application/json");
        event.put("data", data);
        try {
            return JSON.writeValueAsBytes(event);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("text can always be written", e);
        }
    }
}
