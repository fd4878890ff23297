package io.winnow.core.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;

/**
 * A model's metric on parts of its holdout, beside the baseline's that is best on all of it.
 *
 * @param baseline which one; empty where nothing was measured
 * @param hours by hour of the day of the event time, UTC, {@code 00} to {@code 23}; hours without rows are left out
 * @param keys the keys with the most rows, these first, by name, or by {@code #} and a hash where it is not known; empty
 *     where there is only one
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record Slices(String baseline, List<Slice> hours, List<Slice> keys) {
    /** Nothing was measured. */
    public static final Slices NONE = new Slices("", List.of(), List.of());

    /** Keys that are told apart at most. */
    public static final int MAX_KEYS = 20;

    private static final int MAX_NAME = 100;

    public Slices {
        if (ModelCard.present(baseline, "baseline").length() > MAX_NAME) {
            throw new IllegalArgumentException("a baseline's name must be at most " + MAX_NAME + " characters");
        }
        hours = List.copyOf(ModelCard.present(hours, "hours"));
        keys = List.copyOf(ModelCard.present(keys, "keys"));
        if (hours.size() > 24 || keys.size() > MAX_KEYS) {
            throw new IllegalArgumentException("slices must be at most 24 hours and " + MAX_KEYS + " keys");
        }
    }

    /**
     * Some of the rows.
     *
     * @param name the hour, or the key: anyone's text
     * @param rows how many
     * @param model the model's metric on them
     * @param baseline the baseline's
     */
    @JsonInclude(JsonInclude.Include.ALWAYS)
    public record Slice(String name, int rows, double model, double baseline) {
        public Slice {
            if (ModelCard.present(name, "name").length() > MAX_NAME) {
                throw new IllegalArgumentException("a slice's name must be at most " + MAX_NAME + " characters");
            }
            if (rows < 1 || !Double.isFinite(model) || !Double.isFinite(baseline)) {
                throw new IllegalArgumentException("a slice needs rows and finite figures");
            }
        }
    }
}
