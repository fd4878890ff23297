package io.winnow.core.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One published model: the value on {@code S.models}, keyed by its id, as JSON. Immutable: a model is never published
 * twice under one id.
 *
 * @param id of the model; letters, digits, '.', '_' and '-'
 * @param stream the stream that it was trained on
 * @param createdAt when it was published, ISO-8601
 * @param metric {@link #ACCURACY} (a share, more is better) or {@link #MAE} (in the target's unit, less is better)
 * @param value the model's metric on the holdout
 * @param baselines the baselines' metric on the same rows
 * @param champion the metric on the same rows of the champion that it replaced; null if there was none to compare
 * @param rows rows of the window, holdout included
 * @param holdoutRows rows that {@code value} was measured on
 * @param slices the metric on parts of these rows
 * @param window where the window's rows lie on the clean topic
 * @param labels where labels that came later than their rows lie on the labels topic; empty where none did
 * @param contractHash the contract that the rows were decoded by
 * @param seed of the training
 * @param parent id of the champion when it was trained; null if there was none
 * @param codeVersion Winnow's version
 * @param hyperparameters by name
 * @param sha256 of {@code model.pt}, in hex
 * @param directory of the model, below the stream's directory in the model store
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record ModelCard(
        String id,
        String stream,
        String createdAt,
        String metric,
        double value,
        Baselines baselines,
        @Nullable Double champion,
        int rows,
        int holdoutRows,
        Slices slices,
        List<OffsetRange> window,
        List<OffsetRange> labels,
        String contractHash,
        long seed,
        @Nullable String parent,
        String codeVersion,
        Map<String, String> hyperparameters,
        String sha256,
        String directory) {

    /** The share of rows whose class is predicted right. */
    public static final String ACCURACY = "accuracy";
    /** The mean absolute error. */
    public static final String MAE = "mae";

    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9][a-zA-Z0-9._-]{0,199}");
    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");
    private static final ObjectMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    public ModelCard {
        // Names become directories: what Jackson hands over is checked before it is used as one.
        name(id, "id");
        name(stream, "stream");
        name(directory, "directory");
        if (parent != null) {
            name(parent, "parent");
        }
        if (!ACCURACY.equals(metric) && !MAE.equals(metric)) {
            throw new IllegalArgumentException("the metric must be 'accuracy' or 'mae'");
        }
        instant(createdAt);
        if (!Double.isFinite(value) || champion != null && !Double.isFinite(champion)) {
            throw new IllegalArgumentException("a metric's value must be finite");
        }
        if (rows < 1 || holdoutRows < 1 || holdoutRows > rows) {
            throw new IllegalArgumentException(
                    "rows (" + rows + ") and holdoutRows (" + holdoutRows + ") must be positive, and nested");
        }
        present(baselines, "baselines");
        window = List.copyOf(present(window, "window"));
        // Cards of models that were made earlier do not have these two.
        slices = slices == null ? Slices.NONE : slices;
        labels = labels == null ? List.of() : List.copyOf(labels);
        hyperparameters =
                java.util.Collections.unmodifiableMap(new TreeMap<>(present(hyperparameters, "hyperparameters")));
        // JSON can spell half a character in a name, and Jackson writes it, but does not read it again.
        if (!hyperparameters.keySet().stream().allMatch(StandardCharsets.UTF_8.newEncoder()::canEncode)) {
            throw new IllegalArgumentException("a hyperparameter's name must be whole characters");
        }
        hash(contractHash, "contractHash");
        hash(sha256, "sha256");
        present(codeVersion, "codeVersion");
    }

    /** Whether a larger value of this card's metric is better. */
    public boolean moreIsBetter() {
        return metric.equals(ACCURACY);
    }

    /** As JSON in UTF-8. */
    public byte[] encode() {
        try {
            return JSON.writeValueAsBytes(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record of plain values can always be written", e);
        }
    }

    /**
     * Reads {@link #encode()} back; fields that it does not know are ignored.
     *
     * @throws IllegalArgumentException if the bytes are no model card; the message says why
     */
    public static ModelCard decode(byte[] json) {
        return decode(JSON, json, ModelCard.class, "a model card");
    }

    static <T> T decode(ObjectMapper mapper, byte[] json, Class<T> type, String what) {
        try {
            T value = mapper.readValue(json, type);
            if (value == null) {
                throw new IllegalArgumentException("not " + what + ": null");
            }
            return value;
        } catch (IOException e) {
            Throwable cause = e.getCause();
            // Only our own words: Jackson's messages quote the input.
            String why =
                    cause instanceof IllegalArgumentException ? String.valueOf(cause.getMessage()) : "not its JSON";
            throw new IllegalArgumentException("not " + what + ": " + why, e);
        }
    }

    static String name(@Nullable String value, String field) {
        if (value == null || !NAME.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    field + " must be 1 to 200 letters, digits, '.', '_' or '-', starting with a letter or digit");
        }
        return value;
    }

    static void instant(@Nullable String value) {
        try {
            Instant.parse(present(value, "the time"));
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("a time must be written like 2026-01-31T12:00:00Z", e);
        }
    }

    static <T> T present(@Nullable T value, String field) {
        if (value == null) {
            throw new IllegalArgumentException(field + " is missing");
        }
        return value;
    }

    private static void hash(@Nullable String value, String field) {
        if (value == null || !HASH.matcher(value).matches()) {
            throw new IllegalArgumentException(field + " must be a SHA-256 in lower-case hex");
        }
    }
}
