package io.winnow.app.demo;

/** Random numbers as a pure function of a seed and a position: any record can be made without those before it. */
final class Noise {
    private final long seed;

    Noise(long seed) {
        this.seed = seed;
    }

    /** An independent source. */
    Noise fork(long salt) {
        return new Noise(mix(seed ^ mix(salt + 0x632be59bd9b4e019L)));
    }

    /** Uniform in [0, 1). */
    double uniform(long position) {
        return (bits(position) >>> 11) * 0x1.0p-53;
    }

    /** Uniform in 0 … bound−1. */
    int below(int bound, long position) {
        return (int) Math.min(bound - 1L, (long) (uniform(position) * bound));
    }

    /** About normal, mean 0, deviation 1: the sum of twelve uniforms has no extreme tails, as a good sensor has none. */
    double normal(long position) {
        double sum = -6;
        for (int i = 0; i < 12; i++) {
            sum += uniform(position * 12 + i);
        }
        return sum;
    }

    /** Smooth in {@code x}, deviation about 1, changing over a distance of about 1. */
    double smooth(double x) {
        long knot = (long) Math.floor(x);
        double t = x - knot;
        double s = t * t * (3 - 2 * t);
        double value = normal(knot) * (1 - s) + normal(knot + 1) * s;
        // Interpolating between two knots halves the variance midway; this evens it out.
        return value / Math.sqrt(s * s + (1 - s) * (1 - s));
    }

    private long bits(long position) {
        return mix(seed + position * 0x9e3779b97f4a7c15L);
    }

    /** SplitMix64's finalizer (Steele, Lea, Flood 2014). */
    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
