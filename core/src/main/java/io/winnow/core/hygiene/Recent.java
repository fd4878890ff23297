package io.winnow.core.hygiene;

/**
 * Valid rows of late: how many the calibration counted, and how many it did not, because they were refused by far. A
 * profile tells from them whether its stream has changed for good. Integer counts throughout, like the {@link Tally} that
 * it is a part of.
 *
 * <p>A change begins where more than {@value #BEGINS} of the last {@value #STEADY_ROWS} rows are refused, long enough that
 * a burst of anomalies is none, and ends where fewer than {@value #ENDS} of the last {@value #CHANGING_ROWS} are: the gap
 * between the two keeps the alarm from flapping, and the shorter memory ends it soon after the profile fits again. Where a
 * field that never varied does ({@link Constants}), it begins at once.
 */
final class Recent {
    /** A change begins above this share of rows refused. */
    static final double BEGINS = 0.25;
    /** It ends below this share. */
    static final double ENDS = 0.1;

    private static final double STEADY_ROWS = 3_000;
    private static final double CHANGING_ROWS = 1_000;
    /** Of fewer rows than this, a share says too little to begin or to end a change. */
    private static final double LEAST_ROWS = 250;

    private static final int FACTOR_BITS = 20;

    long counted;
    long refused;
    Regime regime = Regime.STEADY;

    /** One more row. */
    void note(boolean isCounted) {
        counted += isCounted ? 1 : 0;
        refused += isCounted ? 0 : 1;
    }

    /** Rows noted, in whatever unit they count. */
    long total() {
        return counted + refused;
    }

    /** Share that was refused by far; 0 while there are no rows. */
    double refusedShare() {
        return total() == 0 ? 0 : refused / (double) total();
    }

    /** Adds others, each counted {@code unit} times. */
    void add(Recent other, int unit) {
        counted += other.counted * unit;
        refused += other.refused * unit;
        regime = regime.compareTo(other.regime) >= 0 ? regime : other.regime;
    }

    /** Begins or ends a change, and forgets rows beyond those that the next decision is made by; a profile's unit. */
    void settle() {
        if (total() >= LEAST_ROWS * Tally.ONE) {
            double share = refusedShare();
            boolean changing = regime == Regime.STEADY ? share > BEGINS : share >= ENDS;
            regime = changing ? Regime.CHANGING : Regime.STEADY;
        }
        double rows = (regime == Regime.STEADY ? STEADY_ROWS : CHANGING_ROWS) * Tally.ONE;
        if (total() > rows) {
            long factor = Math.round(rows / total() * (1 << FACTOR_BITS));
            counted = counted * factor >> FACTOR_BITS;
            refused = refused * factor >> FACTOR_BITS;
        }
    }

    /** A change has begun, whatever the shares say: it is these rows, of a summary, that it is judged by from now on. */
    void begin(Recent fresh) {
        regime = Regime.CHANGING;
        counted = fresh.counted * Tally.ONE;
        refused = fresh.refused * Tally.ONE;
    }

    void clear() {
        counted = 0;
        refused = 0;
        regime = Regime.STEADY;
    }

    void write(Wire.Out out) {
        out.integer(counted).integer(refused).integer(regime.ordinal());
    }

    void read(Wire.In in) {
        counted = in.natural(Long.MAX_VALUE);
        refused = in.natural(Long.MAX_VALUE);
        regime = Regime.values()[in.count(Regime.values().length - 1)];
    }
}
