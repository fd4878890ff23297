package io.winnow.trainer.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.winnow.core.model.Baselines;
import io.winnow.core.model.ModelCard;
import io.winnow.core.text.Legible;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What {@code live.pt} says of itself.
 *
 * @param model id of the champion that it goes on from
 * @param sha256 of that model's {@code model.pt}, in hex
 * @param at when it was written, ISO-8601
 * @param updates small steps since that model became champion, or the trainer took it over
 * @param rows rows learned since then
 * @param metric of the model's card
 * @param value the champion's over the newest rows, each answered before it was learned; null where it answered none yet
 * @param rowsMeasured how many rows these are
 * @param baselines the baselines' over the same rows; null where there are none
 */
public record LiveCard(
        String model,
        String sha256,
        String at,
        int updates,
        int rows,
        String metric,
        @Nullable Double value,
        int rowsMeasured,
        @Nullable Baselines baselines) {
    /** What PyTorch hands it over by. */
    public static final String FILE = "winnow.json";

    private static final ObjectMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    public LiveCard {
        if (model == null || sha256 == null || at == null) {
            throw new IllegalArgumentException("it must say what it goes on from, and when it was written");
        }
        Instant.parse(at);
        if (!ModelCard.ACCURACY.equals(metric) && !ModelCard.MAE.equals(metric)) {
            throw new IllegalArgumentException("the metric must be 'accuracy' or 'mae'");
        }
        if (updates < 0 || rows < 0 || rowsMeasured < 0 || value != null && !Double.isFinite(value)) {
            throw new IllegalArgumentException("counts must not be negative, and a metric's value must be finite");
        }
    }

    /** How many there were and when, for a person. */
    public String said() {
        return Legible.count(updates) + " since, written " + at + " to live.pt";
    }

    String encode() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record of plain values can always be written", e);
        }
    }

    /** Reads {@link #encode} back; empty where it is something else. */
    static Optional<LiveCard> decode(String json) {
        try {
            return Optional.ofNullable(JSON.readValue(json, LiveCard.class));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
