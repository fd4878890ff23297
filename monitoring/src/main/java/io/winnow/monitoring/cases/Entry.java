package io.winnow.monitoring.cases;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;

/** What the desk knows about one record id: its {@link Case}, or a decision that came before it. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Case.class, name = "case"),
    @JsonSubTypes.Type(value = Waiting.class, name = "waiting")
})
@JsonInclude(JsonInclude.Include.NON_NULL)
public sealed interface Entry permits Case, Waiting {

    /** As bytes, for the store. */
    default byte[] encode() {
        try {
            return Json.MAPPER.writeValueAsBytes(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record of plain values can always be written", e);
        }
    }

    /**
     * Reads {@link #encode()} back.
     *
     * @throws IllegalArgumentException if the bytes are no entry
     */
    static Entry decode(byte[] bytes) {
        try {
            return Json.MAPPER.readValue(bytes, Entry.class);
        } catch (IOException e) {
            throw new IllegalArgumentException("not an entry of the case store", e);
        }
    }

    /** Holds the mapper: interfaces have no private fields. */
    final class Json {
        private static final ObjectMapper MAPPER = JsonMapper.builder()
                .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .build();

        private Json() {}
    }
}
