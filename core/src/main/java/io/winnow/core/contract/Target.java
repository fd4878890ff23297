package io.winnow.core.contract;

/**
 * What the trainer learns. Never part of a record's score.
 *
 * @param name the JSON field's name
 * @param type number (regression), category or boolean (classification)
 */
public record Target(String name, FeatureType type) {
    public Target {
        if (name.isBlank()) {
            throw new IllegalArgumentException("the target needs a name");
        }
        if (type == FeatureType.TIME) {
            throw new IllegalArgumentException(
                    "target '" + name + "': a time cannot be learned; use number, category or boolean");
        }
    }

    /** Whether the target is a number, so that the task is regression. */
    public boolean isRegression() {
        return type == FeatureType.NUMBER;
    }
}
