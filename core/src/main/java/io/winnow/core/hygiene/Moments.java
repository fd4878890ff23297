package io.winnow.core.hygiene;

import java.util.Arrays;

/**
 * Sums of the Gaussian's columns and of their products, in fixed point: integers, so that adding up in any grouping and any
 * order gives the same numbers. So coarse that a profile's sums stay below 2^53: exact as doubles, which the processor
 * multiplies and adds several at a time.
 *
 * <p>Rows wait until four are together: one load and store of a product for all of them.
 */
final class Moments {
    /** Fixed-point unit of a row's columns; products are in its square. */
    private static final double UNIT = 1 << 10;
    /** Standardized values are clipped to ± this before they enter: no row outweighs all others. */
    private static final double CLIP = 10;
    /** With more rows in one loop the compiler would vectorize none. */
    private static final int WAITING = 4;

    private final double[] sums;
    /** Lower triangle by rows: {@code products[i][j]} for {@code j ≤ i}. */
    final double[][] products;

    private final double[][] waiting;
    private int count;

    Moments(int columns) {
        sums = new double[columns];
        products = new double[columns][];
        Arrays.setAll(products, i -> new double[i + 1]);
        waiting = new double[WAITING][columns];
    }

    /** Adds a row. */
    void add(double[] x) {
        double[] fixed = waiting[count];
        for (int i = 0; i < fixed.length; i++) {
            fixed[i] = Math.rint(Math.max(-CLIP, Math.min(CLIP, x[i])) * UNIT);
        }
        if (++count == WAITING) {
            settle();
        }
    }

    /** Takes in the rows that wait; whoever reads does this first. */
    private void settle() {
        if (count == 0) {
            return;
        }
        for (int k = count; k < WAITING; k++) {
            Arrays.fill(waiting[k], 0);
        }
        double[] a = waiting[0];
        double[] b = waiting[1];
        double[] c = waiting[2];
        double[] d = waiting[3];
        for (int i = 0; i < sums.length; i++) {
            sums[i] += (a[i] + b[i]) + (c[i] + d[i]);
            addProducts(products[i], i);
        }
        count = 0;
    }

    /** All arrays by one index: C2 vectorizes nothing else, since it cannot tell arrays apart. */
    private void addProducts(double[] into, int i) {
        double[] a = waiting[0];
        double[] b = waiting[1];
        double[] c = waiting[2];
        double[] d = waiting[3];
        double ai = a[i];
        double bi = b[i];
        double ci = c[i];
        double di = d[i];
        for (int j = 0; j < into.length; j++) {
            into[j] += (a[j] * ai + b[j] * bi) + (c[j] * ci + d[j] * di);
        }
    }

    /** Mean of column {@code i} over {@code rows} rows. */
    double mean(int i, double rows) {
        settle();
        return sums[i] / UNIT / rows;
    }

    /** Mean of the product of columns {@code i ≥ j}. */
    double product(int i, int j, double rows) {
        settle();
        return products[i][j] / (UNIT * UNIT) / rows;
    }

    /** Adds others, each row counted {@code unit} times. */
    void add(Moments other, int unit) {
        settle();
        other.settle();
        add(sums, other.sums, unit);
        for (int i = 0; i < products.length; i++) {
            add(products[i], other.products[i], unit);
        }
    }

    private static void add(double[] a, double[] b, int unit) {
        for (int i = 0; i < a.length; i++) {
            a[i] += b[i] * unit;
        }
    }

    /**
     * Fades by a factor.
     *
     * @param factor in units of {@code 2^-bits}
     */
    void fade(long factor, int bits) {
        settle();
        fade(sums, factor, bits);
        for (double[] row : products) {
            fade(row, factor, bits);
        }
    }

    private static void fade(double[] a, long factor, int bits) {
        for (int i = 0; i < a.length; i++) {
            long v = (long) a[i];
            // A decayed moment may exceed 2^43: multiply in two halves.
            a[i] = Math.multiplyHigh(v, factor) << (64 - bits) | (v * factor) >>> bits;
        }
    }

    void clear() {
        count = 0;
        Arrays.fill(sums, 0);
        for (double[] row : products) {
            Arrays.fill(row, 0);
        }
    }

    void write(Wire.Out out) {
        settle();
        out.integers(longs(sums)).integers(longs(triangle()));
    }

    private static long[] longs(double[] integers) {
        return Arrays.stream(integers).mapToLong(x -> (long) x).toArray();
    }

    private double[] triangle() {
        double[] all = new double[sums.length * (sums.length + 1) / 2];
        for (int i = 0, at = 0; i < products.length; at += ++i) {
            System.arraycopy(products[i], 0, all, at, products[i].length);
        }
        return all;
    }

    void read(Wire.In in) {
        count = 0;
        long[] exact = new long[sums.length];
        in.integers(exact);
        Arrays.setAll(sums, i -> exact[i]);
        long[] all = new long[sums.length * (sums.length + 1) / 2];
        in.integers(all);
        for (int i = 0, at = 0; i < products.length; i++) {
            for (int j = 0; j <= i; j++, at++) {
                products[i][j] = all[at];
            }
        }
    }
}
