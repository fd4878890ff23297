package io.winnow.core.hygiene;

/**
 * The Gaussian view: how far a row lies from what the other fields, the hour and the categories suggest. The columns are
 * ordered context first, so that the Cholesky factor's forward substitution gives the Mahalanobis distance of the fields
 * conditional on the context. Missing columns are imputed by their conditional mean and add nothing.
 */
final class Gaussian {
    /** Degrees of freedom of the Student-t that turns a distance into a surprisal: tails heavier than normal. */
    private static final double DEGREES = 4;
    /** Added to each variance: a constant field has some, and no relation between fields is believed to be exact. */
    private static final double RIDGE = 0.003;
    /** Standardized values are clipped to ± this before they are scored. */
    private static final double CLIP = 50;
    /** Columns that are whitened together. */
    private static final int BLOCK = 4;

    private final int context;
    private final int columns;
    private final double[] mean;
    /** Lower triangle by rows. */
    private final double[] factor;
    /**
     * The triangle below the diagonal, in the order in which {@link #score} needs it: for each block of columns its own
     * triangle by columns, then the rows that follow. As floats, of which twice as many fit in a cache line.
     */
    private final float[] below;
    /** One over the diagonal. */
    private final float[] inverse;

    Gaussian(Frame frame, Tally tally) {
        context = frame.contextColumns();
        columns = frame.gaussianColumns();
        double n = Math.max(tally.rows, 1);
        mean = new double[columns];
        for (int i = 0; i < columns; i++) {
            mean[i] = tally.mean(i, n);
        }
        double rows = n / Tally.ONE;
        // Correlations shrink toward none while rows are few (after Ledoit and Wolf 2004).
        double keep = 1 - Math.max(1e-3, 0.5 * columns / (rows + columns));
        factor = new double[columns * (columns + 1) / 2];
        for (int i = 0; i < columns; i++) {
            for (int j = 0; j <= i; j++) {
                double covariance = tally.product(i, j, n) - mean[i] * mean[j];
                double s = i == j ? covariance + RIDGE : covariance * keep;
                for (int q = 0; q < j; q++) {
                    s -= at(i, q) * at(j, q);
                }
                factor[i * (i + 1) / 2 + j] = i == j ? Math.sqrt(Math.max(s, 1e-4)) : s / at(j, j);
            }
        }
        below = new float[columns * (columns - 1) / 2];
        inverse = new float[columns];
        for (int j = 0; j < columns; j++) {
            inverse[j] = (float) (1 / at(j, j));
        }
        layOut();
    }

    private void layOut() {
        int next = 0;
        for (int block = 0; block < columns; block += BLOCK) {
            int end = Math.min(block + BLOCK, columns);
            for (int j = block; j < end; j++) {
                for (int i = j + 1; i < end; i++) {
                    below[next++] = (float) at(i, j);
                }
            }
            for (int i = end; i < columns; i++) {
                for (int j = block; j < end; j++) {
                    below[next++] = (float) at(i, j);
                }
            }
        }
    }

    private double at(int i, int j) {
        return factor[i * (i + 1) / 2 + j];
    }

    /**
     * Surprisal in bits for each field, up to a constant.
     *
     * @param x context, then standardized columns; NaN (missing) is replaced by the conditional mean
     * @param y buffer; receives the whitened columns
     */
    double score(double[] x, float[] y) {
        for (int i = 0; i < columns; i++) {
            y[i] = Double.isNaN(x[i]) ? 0 : (float) (Math.max(-CLIP, Math.min(CLIP, x[i])) - mean[i]);
        }
        for (int i = 0, at = 0; i < columns; i += BLOCK) {
            int end = Math.min(i + BLOCK, columns);
            for (int j = i; j < end; j++) {
                at = whiten(x, y, j, end, at);
            }
            if (end < columns) {
                subtract(y, i, at);
                at += BLOCK * (columns - end);
            }
        }
        double sum = 0;
        for (int i = context; i < columns; i++) {
            sum += (double) y[i] * y[i];
        }
        int fields = columns - context;
        return 0.5 * (DEGREES + fields) * StrictMath.log1p(sum / DEGREES) / Density.LOG2 / fields;
    }

    /** Whitens column {@code j} and subtracts it from those that follow in its block; where the next entries begin. */
    private int whiten(double[] x, float[] y, int j, int end, int at) {
        if (Double.isNaN(x[j])) {
            x[j] = mean[j] - y[j];
            y[j] = 0;
        } else {
            y[j] *= inverse[j];
        }
        int next = at;
        for (int k = j + 1; k < end; k++) {
            y[k] -= below[next++] * y[j];
        }
        return next;
    }

    /** Subtracts a block of whitened columns from all that follow it: four products for each load and store of a sum. */
    private void subtract(float[] y, int block, int from) {
        float a = y[block];
        float b = y[block + 1];
        float c = y[block + 2];
        float d = y[block + 3];
        for (int k = block + BLOCK, at = from; k < columns; k++, at += BLOCK) {
            y[k] -= (below[at] * a + below[at + 1] * b) + (below[at + 2] * c + below[at + 3] * d);
        }
    }

    /**
     * For each field, how surprising its value is given all the others, in bits: its residual over the residual's
     * deviation, read off a Student-t with four degrees of freedom.
     *
     * @param y whitened columns from {@link #score}
     */
    double[] conditionalBits(float[] y) {
        // Λ = L^-T L^-1: residual_j = (Λ(x−μ))_j / √Λ_jj = (L^-T y)_j / √Λ_jj.
        double[][] inverted = new double[columns][columns];
        for (int i = 0; i < columns; i++) {
            inverted[i][i] = 1 / at(i, i);
            for (int j = 0; j < i; j++) {
                double s = 0;
                for (int q = j; q < i; q++) {
                    s -= at(i, q) * inverted[q][j];
                }
                inverted[i][j] = s / at(i, i);
            }
        }
        double[] bits = new double[columns - context];
        for (int j = context; j < columns; j++) {
            double residual = 0;
            double precision = 0;
            for (int i = j; i < columns; i++) {
                residual += inverted[i][j] * y[i];
                precision += inverted[i][j] * inverted[i][j];
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
