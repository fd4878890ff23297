package io.winnow.trainer.store;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.winnow.core.model.ModelCard;
import io.winnow.trainer.archive.ModelSpec;
import io.winnow.trainer.archive.OptimizerSpec;
import io.winnow.trainer.learn.Horizon;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What {@code manifest.json} holds: the card, what it takes to train the model again, and how to call the archive.
 *
 * @param card the model's card: offset ranges, contract hash, seed, metrics against baselines and champion
 * @param origin contract, profile, hyperparameters, parent and machine
 * @param start of {@code start.pt}; null where there is none
 * @param target the field that is predicted
 * @param signature of {@code forward}
 * @param rows what the H rows are
 * @param columns what the F columns are
 * @param answer what the K numbers are
 * @param spec the same for programs: columns in order, category values by id, classes, lags
 */
public record Manifest(
        ModelCard card,
        Origin origin,
        @Nullable Start start,
        String target,
        String signature,
        String rows,
        String columns,
        String answer,
        ModelSpec spec) {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(com.fasterxml.jackson.databind.SerializationFeature.INDENT_OUTPUT)
            .addMixIn(OptimizerSpec.class, OneOfTwo.class)
            .build();

    /** An optimizer is written with its kind. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "kind")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = OptimizerSpec.AdamW.class, name = "AdamW"),
        @JsonSubTypes.Type(value = OptimizerSpec.Sgd.class, name = "SGD")
    })
    private interface OneOfTwo {}

    /**
     * The model as it was before its holdout, which a later training may begin from.
     *
     * @param sha256 of the file, in hex
     * @param horizon how far it knows its stream
     */
    public record Start(String sha256, Horizon horizon) {}

    public Manifest {
        if (card == null || origin == null || spec == null) {
            throw new IllegalArgumentException("a manifest needs a card, an origin and a spec");
        }
    }

    /** The manifest of this model. */
    static Manifest of(ModelCard card, Draft draft, @Nullable Start start) {
        ModelSpec spec = draft.spec();
        int h = spec.history();
        int f = spec.width();
        int c = spec.categories().size();
        String history = spec.isRegression() ? "the target" : "the position of the target's class in spec.classes";
        List<String> names = spec.columns().stream().map(ModelSpec.Column::name).toList();
        return new Manifest(
                card,
                draft.origin(),
                start,
                draft.target(),
                "forward(numbers: float64[B, " + h + ", " + f + "], categories: int64[B, " + h + ", " + c
                        + "]) -> float32[B, " + spec.outputs() + "]",
                "the key's last " + h + " rows by event time, oldest first; the last one is the row to predict; "
                        + "rows that do not exist are NaN and -1; released rows are in nobody's history",
                names + ", then the target's history: " + history
                        + ", NaN where unknown, never read in the last row; times in epoch milliseconds, booleans 0 or 1, "
                        + "NaN where missing; categories by encode(), -1 where missing or unknown",
                spec.isRegression() ? "the target" : "the share of each class, in the order of spec.classes",
                spec);
    }

    byte[] encode() {
        try {
            return JSON.writeValueAsBytes(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record of plain values can always be written", e);
        }
    }

    static Manifest decode(byte[] json) throws CorruptModelException {
        try {
            Manifest manifest = JSON.readValue(json, Manifest.class);
            if (manifest == null) {
                throw new CorruptModelException("manifest.json is empty");
            }
            return manifest;
        } catch (IOException e) {
            throw new CorruptModelException("manifest.json is not a manifest");
        }
    }
}
