package io.winnow.core.hygiene;

/** Location and spread that a few wild values do not move. */
final class Robust {
    /** An interquartile range over this is a normal distribution's standard deviation. */
    private static final double NORMAL_IQR = 1.349;

    private static final double TRIM = 0.02;

    private Robust() {}

    /** Whether the sorted values differ, but for the outermost fiftieth on each side. */
    static boolean varies(double[] sorted) {
        return sorted.length > 0 && at(sorted, TRIM) < at(sorted, 1 - TRIM);
    }

    /** Mean of the sorted values with the outermost fiftieth on each side pulled in; 0 for none. */
    static double center(double[] sorted) {
        if (sorted.length == 0) {
            return 0;
        }
        double low = at(sorted, TRIM);
        double high = at(sorted, 1 - TRIM);
        if (low == high) {
            // A mean of equal values rounds, and what rounding makes of it would pass for their spread.
            return low;
        }
        double sum = 0;
        for (double x : sorted) {
            sum += Math.max(low, Math.min(high, x)) / sorted.length;
        }
        return sum;
    }

    /**
     * The larger of the interquartile range and the winsorized standard deviation, both as standard deviations. A field
     * that is nearly always the same takes its plain deviation; one that never varied, a tenth of its size.
     */
    static double scale(double[] sorted, double center) {
        if (sorted.length > 0 && sorted[0] < sorted[sorted.length - 1]) {
            double s =
                    Math.max(interquartile(sorted), deviation(sorted, center, at(sorted, TRIM), at(sorted, 1 - TRIM)));
            if (!(s > 0)) {
                s = deviation(sorted, center, sorted[0], sorted[sorted.length - 1]);
            }
            if (s > 0 && Double.isFinite(s)) {
                return s;
            }
        }
        return Math.max(Math.abs(center) * 0.1, 1);
    }

    /** Interquartile range of the sorted values over a normal distribution's. */
    static double interquartile(double[] sorted) {
        return (at(sorted, 0.75) - at(sorted, 0.25)) / NORMAL_IQR;
    }

    private static double at(double[] sorted, double share) {
        return sorted[Math.min(sorted.length - 1, (int) (sorted.length * share))];
    }

    private static double deviation(double[] x, double center, double low, double high) {
        double sum = 0;
        for (double v : x) {
            double gap = Math.max(low, Math.min(high, v)) - center;
            sum += gap * gap / x.length;
        }
        return Math.sqrt(sum);
    }
}
