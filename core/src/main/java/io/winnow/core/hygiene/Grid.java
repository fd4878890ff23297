package io.winnow.core.hygiene;

import java.util.stream.IntStream;

/**
 * A fixed grid over the real line: fine at zero, with cells that grow in proportion to the distance. Eight cells to each
 * doubling of {@code 1 + 4|z|}, mirrored: the cell width is 1/32 at 0, 1/8 at 1, 1/4 at 3. Every summary counts on the
 * same grid, so that counts add up whoever counted.
 *
 * <p>The index is read off the exponent and mantissa of a float: no logarithm on the hot path.
 */
final class Grid {
    private static final int CELLS_LOG2 = 3;
    private static final int OCTAVES = 18;
    private static final int SHIFT = 23 - CELLS_LOG2;
    private static final int ONE = Float.floatToRawIntBits(1f);
    private static final int INFINITE = Float.floatToRawIntBits(Float.POSITIVE_INFINITY);
    private static final double SLOPE = 4;

    /** Cells on one side of zero. */
    static final int HALF = OCTAVES << CELLS_LOG2;

    /** All cells. */
    static final int CELLS = 2 * HALF;

    private static final double[] EDGES =
            IntStream.rangeClosed(0, CELLS).mapToDouble(Grid::edge).toArray();
    private static final double[] WIDTHS =
            IntStream.range(0, CELLS).mapToDouble(i -> EDGES[i + 1] - EDGES[i]).toArray();
    private static final double[] MIDDLES = IntStream.range(0, CELLS)
            .mapToDouble(i -> 0.5 * (EDGES[i] + EDGES[i + 1]))
            .toArray();

    private Grid() {}

    /** The cell that holds {@code z}; values beyond the grid fall into its last cells. */
    static int cell(double z) {
        int bits = Float.floatToRawIntBits((float) (1 + SLOPE * Math.abs(z)));
        int i = Math.min((bits - ONE) >> SHIFT, HALF - 1);
        // The sign comes as often as not, too often for a branch: all its bits flip i to −1 − i.
        return HALF + (i ^ (int) (Double.doubleToRawLongBits(z) >> 63));
    }

    /**
     * The cells of a row's columns, each column having {@link #CELLS} of its own; −1 for NaN. Two loops: the compiler
     * vectorizes the first.
     *
     * @param z value of each column, at most 1e30 either way
     * @param magnitudes buffer
     * @param cells receives them: {@code j × CELLS} and more for column {@code j}
     */
    static void cells(float[] z, float[] magnitudes, int[] cells) {
        for (int j = 0; j < z.length; j++) {
            magnitudes[j] = 1 + (float) SLOPE * Math.abs(z[j]);
        }
        for (int j = 0, zero = HALF; j < z.length; j++, zero += CELLS) {
            int bits = Float.floatToRawIntBits(magnitudes[j]);
            int i = Math.min((bits - ONE) >> SHIFT, HALF - 1);
            cells[j] = bits > INFINITE ? -1 : zero + (i ^ (Float.floatToRawIntBits(z[j]) >> 31));
        }
    }

    /** The lower edge of cell {@code i}; {@code lower(CELLS)} is the grid's end. */
    static double lower(int i) {
        return EDGES[i];
    }

    /** Width of cell {@code i}. */
    static double width(int i) {
        return WIDTHS[i];
    }

    /** Middle of cell {@code i}. */
    static double middle(int i) {
        return MIDDLES[i];
    }

    private static double edge(int i) {
        double out = (Float.intBitsToFloat(ONE + (Math.abs(i - HALF) << SHIFT)) - 1) / SLOPE;
        return i >= HALF ? out : -out;
    }
}
