package io.winnow.core.model;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;

/**
 * An event on {@code S.promotions}, keyed by stream, as JSON. {@link ChampionHistory} says what all of them come to.
 *
 * @param stream the stream
 * @param action what happened
 * @param modelId the model that it happened to; for a roll back the one that is champion again
 * @param at when, ISO-8601
 * @param by who: a person, or {@code trainer}
 * @param why one sentence; never trusted in a page
 */
public record Promotion(String stream, Action action, String modelId, String at, String by, String why) {

    /** The kinds of events. */
    public enum Action {
        /** The model is the champion from now on. */
        PROMOTE,
        /** An earlier champion is the champion again. */
        ROLL_BACK,
        /** The champion stays until it is unpinned, whatever is better. */
        PIN,
        /** The champion may be replaced again. */
        UNPIN,
        /** The model is never champion again. */
        RETIRE
    }

    /** Who the trainer says it is. */
    public static final String TRAINER = "trainer";

    private static final int MAX_WHY = 2_000;
    private static final ObjectMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    public Promotion {
        ModelCard.name(stream, "stream");
        ModelCard.present(action, "action");
        ModelCard.name(modelId, "modelId");
        ModelCard.instant(at);
        if (ModelCard.present(by, "by").isBlank() || by.length() > 100) {
            throw new IllegalArgumentException("by must be 1 to 100 characters");
        }
        if (ModelCard.present(why, "why").length() > MAX_WHY) {
            throw new IllegalArgumentException("why must be at most " + MAX_WHY + " characters");
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
     * Reads {@link #encode()} back; fields that it does not know are ignored.
     *
     * @throws IllegalArgumentException if the bytes are no promotion; the message says why
     */
    public static Promotion decode(byte[] json) {
        return ModelCard.decode(JSON, json, Promotion.class, "a promotion");
    }
}
