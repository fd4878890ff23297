package io.winnow.trainer.learn;

/** How the learning rate moves over a training's steps. */
public enum Schedule {
    /** One cycle (Smith 2018): up for 30 % of the steps, then down to nearly nothing. */
    ONE_CYCLE {
        @Override
        double rate(double peak, double at) {
            return at < WARM
                    ? cosine(peak * START, peak, at / WARM)
                    : cosine(peak, peak * END, (at - WARM) / (1 - WARM));
        }
    },
    /**
     * Warm restarts (SGDR, Loshchilov and Hutter 2017): three cycles, each twice as long as the one before, from the peak
     * down to nearly nothing; the last one ends with the training.
     */
    WARM_RESTARTS {
        @Override
        double rate(double peak, double at) {
            double start = 0;
            double length = 1.0 / 7;
            while (at > start + length && start + length < 1 - 1e-9) {
                start += length;
                length *= 2;
            }
            return cosine(peak, peak * END, Math.min(1, (at - start) / length));
        }
    };

    private static final double WARM = 0.3;
    private static final double START = 0.04;
    private static final double END = 1e-3;

    /** The rates of steps {@code from} to {@code to} of {@code total}, exclusive. */
    double[] rates(double peak, int from, int to, int total) {
        double[] rates = new double[to - from];
        for (int i = from; i < to; i++) {
            rates[i - from] = rate(peak, (i + 1.0) / total);
        }
        return rates;
    }

    /** The rate when a share of the steps is done, this one included. */
    abstract double rate(double peak, double at);

    private static double cosine(double from, double to, double share) {
        return to + (from - to) * (1 + StrictMath.cos(Math.PI * share)) / 2;
    }
}
