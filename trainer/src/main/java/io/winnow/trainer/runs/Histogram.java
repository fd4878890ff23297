package io.winnow.trainer.runs;

/**
 * How values are spread: counts between equally spaced bounds, from the least value to the greatest. Values that are no
 * numbers are left out, and counted.
 *
 * @param min the least value
 * @param max the greatest
 * @param sum of the values
 * @param squares sum of their squares
 * @param bounds the upper bound of each bucket; the first begins at the least value
 * @param counts of each bucket
 * @param unreal values that are infinite or not a number
 */
public record Histogram(
        double min, double max, double sum, double squares, double[] bounds, double[] counts, int unreal) {
    private static final int BUCKETS = 30;

    /** Of these values. */
    public static Histogram of(float[] values) {
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        double sum = 0;
        double squares = 0;
        int unreal = 0;
        for (float value : values) {
            if (Float.isFinite(value)) {
                min = Math.min(min, value);
                max = Math.max(max, value);
                sum += value;
                squares += (double) value * value;
            } else {
                unreal++;
            }
        }
        if (unreal == values.length) {
            return new Histogram(0, 0, 0, 0, new double[0], new double[0], unreal);
        }
        int buckets = max > min ? BUCKETS : 1;
        double[] bounds = new double[buckets];
        for (int i = 0; i < buckets; i++) {
            bounds[i] = i == buckets - 1 ? max : min + (max - min) * (i + 1) / buckets;
        }
        double[] counts = new double[buckets];
        for (float value : values) {
            if (Float.isFinite(value)) {
                counts[buckets == 1 ? 0 : (int) Math.min(buckets - 1, (value - min) / (max - min) * buckets)]++;
            }
        }
        return new Histogram(min, max, sum, squares, bounds, counts, unreal);
    }

    /** How many values are numbers. */
    public double number() {
        double number = 0;
        for (double count : counts) {
            number += count;
        }
        return number;
    }
}
