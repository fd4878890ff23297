package io.winnow.benchmarks;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/** Rows that every contestant sees: standard normal fields with something in common, one row in a hundred far off. */
final class Rows {
    /** A power of two, and more than fits a processor's nearest cache. */
    static final int COUNT = 1 << 13;

    private static final long SEED = 20_260_301;
    private static final double SHARED = 0.6;
    private static final int ONE_OUTLIER_IN = 100;
    private static final double DECIMALS = 10_000;

    private Rows() {}

    /** {@link #COUNT} rows of this many fields, four decimals each. */
    static double[][] of(int fields) {
        SplittableRandom random = new SplittableRandom(SEED);
        double[][] rows = new double[COUNT][fields];
        for (double[] row : rows) {
            double shared = random.nextGaussian() * SHARED;
            double own = Math.sqrt(1 - SHARED * SHARED) * (random.nextInt(ONE_OUTLIER_IN) == 0 ? 8 : 1);
            for (int i = 0; i < fields; i++) {
                row[i] = Math.rint((shared + own * random.nextGaussian()) * DECIMALS) / DECIMALS;
            }
        }
        return rows;
    }

    static String field(int i) {
        return String.format("x%02d", i);
    }

    /** A row as a producer sends it. */
    static byte[] json(double[] row) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < row.length; i++) {
            text.append(i == 0 ? "{\"" : ",\"").append(field(i)).append("\":").append(row[i]);
        }
        return text.append('}').toString().getBytes(StandardCharsets.UTF_8);
    }
}
