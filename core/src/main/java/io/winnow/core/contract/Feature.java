package io.winnow.core.contract;

/**
 * One field that the detector looks at and the trainer may learn from.
 *
 * @param name the JSON field's name
 * @param type its type
 * @param min smallest valid value (numbers only; negative infinity where unbounded)
 * @param max largest valid value (numbers only; positive infinity where unbounded)
 * @param required whether a record without it is invalid
 */
public record Feature(String name, FeatureType type, double min, double max, boolean required) {
    public Feature {
        if (name.isBlank()) {
            throw new IllegalArgumentException("a feature needs a name");
        }
        if (Double.isNaN(min) || Double.isNaN(max) || min > max) {
            throw new IllegalArgumentException("feature '" + name + "': min " + min + " is above max " + max);
        }
        if (type != FeatureType.NUMBER && (min != Double.NEGATIVE_INFINITY || max != Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("feature '" + name + "': min and max are for numbers");
        }
    }

    /** An optional feature without bounds. */
    public static Feature of(String name, FeatureType type) {
        return new Feature(name, type, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, false);
    }
}
