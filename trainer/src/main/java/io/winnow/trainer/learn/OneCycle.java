package io.winnow.trainer.learn;

/** The one-cycle learning rate (Smith 2018): up for 30 % of the steps, then down to nearly nothing. */
final class OneCycle {
    private static final double WARM = 0.3;
    private static final double START = 0.04;
    private static final double END = 1e-3;

    private OneCycle() {}

    /** The rates of steps {@code from} to {@code to} of {@code total}, exclusive. */
    static double[] rates(double peak, int from, int to, int total) {
        double[] rates = new double[to - from];
        for (int i = from; i < to; i++) {
            double at = (i + 1.0) / total;
            rates[i - from] = at < WARM
                    ? cosine(peak * START, peak, at / WARM)
                    : cosine(peak, peak * END, (at - WARM) / (1 - WARM));
        }
        return rates;
    }

    private static double cosine(double from, double to, double share) {
        return to + (from - to) * (1 + StrictMath.cos(Math.PI * share)) / 2;
    }
}
