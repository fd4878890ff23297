package io.winnow.core.hygiene;

/**
 * The Gaussian view: how far a row lies from what the other fields, the hour and the categories suggest. The columns are
 * ordered context first, so that whitening by the inverse of the covariance's Cholesky factor gives the Mahalanobis distance
 * of the fields conditional on the context. Missing columns are imputed by their conditional mean and add nothing.
 */
final class Gaussian {
    /** Degrees of freedom of the Student-t that turns a distance into a surprisal: tails heavier than normal. */
    private static final double DEGREES = 4;
    /** Added to each variance: a constant field has some, and no relation between fields is believed to be exact. */
    private static final double RIDGE = 0.003;
    /** Standardized values are clipped to ± this before they are scored. */
    private static final double CLIP = 50;
    /** Columns that are whitened together: with more in one loop the compiler would vectorize none. */
    private static final int BLOCK = 4;

    private final int context;
    private final int columns;
    private final double[] mean;
    /** The inverse of the covariance's Cholesky factor, by columns; zeros above the diagonal. */
    private final float[][] whitening;

    Gaussian(Frame frame, Tally tally) {
        context = frame.contextColumns();
        columns = frame.gaussianColumns();
        double n = Math.max(tally.rows, 1);
        mean = new double[columns];
        for (int i = 0; i < columns; i++) {
            mean[i] = tally.moments.mean(i, n);
        }
        whitening = inverse(factor(tally, n));
    }

    /** The Cholesky factor, lower triangle by rows. */
    private double[][] factor(Tally tally, double n) {
        double rows = n / Tally.ONE;
        // Correlations shrink toward none while rows are few (after Ledoit and Wolf 2004).
        double keep = 1 - Math.max(1e-3, 0.5 * columns / (rows + columns));
        double[][] factor = new double[columns][];
        for (int i = 0; i < columns; i++) {
            factor[i] = new double[i + 1];
            for (int j = 0; j <= i; j++) {
                double covariance = tally.moments.product(i, j, n) - mean[i] * mean[j];
                double s = i == j ? covariance + RIDGE : covariance * keep;
                for (int q = 0; q < j; q++) {
                    s -= factor[i][q] * factor[j][q];
                }
                factor[i][j] = i == j ? Math.sqrt(Math.max(s, 1e-4)) : s / factor[j][j];
            }
        }
        return factor;
    }

    private static float[][] inverse(double[][] factor) {
        int n = factor.length;
        float[][] inverse = new float[n][n];
        double[] column = new double[n];
        for (int j = 0; j < n; j++) {
            for (int i = j; i < n; i++) {
                double s = i == j ? 1 : 0;
                for (int q = j; q < i; q++) {
                    s -= factor[i][q] * column[q];
                }
                column[i] = s / factor[i][i];
                inverse[j][i] = (float) column[i];
            }
        }
        return inverse;
    }

    /**
     * Surprisal in bits for each field, up to a constant.
     *
     * @param x context, then standardized columns; NaN (missing) is replaced by the conditional mean
     * @param centered buffer
     * @param y buffer; receives the whitened columns
     */
    double score(double[] x, float[] centered, float[] y) {
        for (int i = 0; i < columns; i++) {
            centered[i] = (float) (Math.max(-CLIP, Math.min(CLIP, x[i])) - mean[i]);
            y[i] = 0;
        }
        int j = 0;
        for (; j + BLOCK <= columns; j += BLOCK) {
            float sum = (centered[j] + centered[j + 1]) + (centered[j + 2] + centered[j + 3]);
            if (Float.isNaN(sum)) {
                oneByOne(x, centered, y, j, j + BLOCK);
            } else {
                add(centered, y, j);
            }
        }
        oneByOne(x, centered, y, j, columns);
        int fields = columns - context;
        return 0.5 * (DEGREES + fields) * StrictMath.log1p(squares(y, context) / DEGREES) / Density.LOG2 / fields;
    }

    /** Adds what a block of columns contributes to itself and to those after it; all arrays by one index (see Moments). */
    private void add(float[] centered, float[] y, int block) {
        float[] p = whitening[block];
        float[] q = whitening[block + 1];
        float[] r = whitening[block + 2];
        float[] s = whitening[block + 3];
        float a = centered[block];
        float b = centered[block + 1];
        float c = centered[block + 2];
        float d = centered[block + 3];
        for (int i = block; i < y.length; i++) {
            y[i] += (p[i] * a + q[i] * b) + (r[i] * c + s[i] * d);
        }
    }

    /** The same for columns of which some are missing, or too few for a block. */
    private void oneByOne(double[] x, float[] centered, float[] y, int from, int to) {
        for (int j = from; j < to; j++) {
            float[] p = whitening[j];
            boolean missing = Float.isNaN(centered[j]);
            // Given the columns before it, the mean is where the whitened column is 0.
            float a = missing ? -y[j] / p[j] : centered[j];
            for (int i = j; i < y.length; i++) {
                y[i] += p[i] * a;
            }
            if (missing) {
                x[j] = mean[j] + a;
                y[j] = 0;
            }
        }
    }

    /** Four sums at a time, so that no addition waits for the one before it. */
    private static double squares(float[] y, int from) {
        float a = 0;
        float b = 0;
        float c = 0;
        float d = 0;
        int i = from;
        for (; i + BLOCK <= y.length; i += BLOCK) {
            a += y[i] * y[i];
            b += y[i + 1] * y[i + 1];
            c += y[i + 2] * y[i + 2];
            d += y[i + 3] * y[i + 3];
        }
        for (; i < y.length; i++) {
            a += y[i] * y[i];
        }
        return (a + b) + (c + d);
    }

    /**
     * For each field, how surprising its value is given all the others, in bits: its residual over the residual's
     * deviation, read off a Student-t with four degrees of freedom.
     *
     * @param y whitened columns from {@link #score}
     */
    double[] conditionalBits(float[] y) {
        // Λ = W^T W for W = L^-1: residual_j = (Λ(x−μ))_j / √Λ_jj = (W^T y)_j / √Λ_jj.
        double[] bits = new double[columns - context];
        for (int j = context; j < columns; j++) {
            double residual = 0;
            double precision = 0;
            for (int i = j; i < columns; i++) {
                double w = whitening[j][i];
                residual += w * y[i];
                precision += w * w;
            }
            bits[j - context] = studentBits(residual / Math.sqrt(precision));
        }
        return bits;
    }

    /** −log2 of the two-sided tail of a Student-t with four degrees of freedom. */
    static double studentBits(double t) {
        double a = Math.abs(t);
        double h = 1 + a * a / 4;
        // 1 − CDF in closed form, written so that it does not cancel far out: (2 + u)(1 − u)² / 4 with u = (a/2)/√h.
        double u = a / 2 / Math.sqrt(h);
        double oneMinus = 1 / (h * (1 + u));
        double tail = (2 + u) * oneMinus * oneMinus / 4 * 2;
        return Density.bits(Math.min(1, tail));
    }
}
