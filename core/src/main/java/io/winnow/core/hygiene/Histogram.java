package io.winnow.core.hygiene;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a profile knows of a numeric field, coarse enough to look at: equal columns over the range that holds all but the
 * outermost rows, and where one value falls.
 *
 * @param from lower end of the first column, in the field's own unit
 * @param to upper end of the last column
 * @param rows share of the profile's rows in each column; adds up to 1 at most, since a few lie outside
 * @param mark column of the value, −1 where it lies below {@code from}, {@link #COLUMNS} where it lies above {@code to};
 *     {@link #NOWHERE} where it is missing
 */
public record Histogram(double from, double to, double[] rows, int mark) {
    /** How many columns there are. */
    public static final int COLUMNS = 24;

    /** The mark of a value that is missing. */
    public static final int NOWHERE = Integer.MIN_VALUE;

    /** This share of the rows may lie beyond each end. */
    private static final double BEYOND = 0.005;

    public Histogram {
        if (rows.length != COLUMNS || !(from < to)) {
            throw new IllegalArgumentException(rows.length + " columns from " + from + " to " + to);
        }
        rows = rows.clone();
    }

    /** A copy of the columns. */
    @Override
    public double[] rows() {
        return rows.clone();
    }

    /**
     * The histogram of a column.
     *
     * @param value in the field's own unit; NaN where it is missing
     * @return null if the profile knows no value of it, or its range is too fine for a double to divide
     */
    static @Nullable Histogram of(Profile profile, int column, double value) {
        int[] cells = Arrays.copyOfRange(profile.tally.fields, column * Grid.CELLS, (column + 1) * Grid.CELLS);
        double all = Arrays.stream(cells).mapToDouble(c -> c).sum();
        if (all == 0) {
            return null;
        }
        double low = Grid.lower(first(cells, all * BEYOND));
        double high = Grid.lower(last(cells, all * BEYOND) + 1);
        double[] rows = new double[COLUMNS];
        for (int i = 0; i < cells.length; i++) {
            spread(cells[i] / all, Grid.lower(i), Grid.lower(i + 1), low, high, rows);
        }
        double center = profile.frame.center[column];
        double scale = profile.frame.scale[column];
        double from = center + scale * low;
        double to = center + scale * high;
        return from < to && Double.isFinite(to - from) ? new Histogram(from, to, rows, mark(value, from, to)) : null;
    }

    /** The first cell with more than so many rows up to its end. */
    private static int first(int[] cells, double beyond) {
        double passed = 0;
        int i = 0;
        while ((passed += cells[i]) <= beyond) {
            i++;
        }
        return i;
    }

    private static int last(int[] cells, double beyond) {
        double passed = 0;
        int i = cells.length - 1;
        while ((passed += cells[i]) <= beyond) {
            i--;
        }
        return i;
    }

    /** Shares a cell's rows out among the columns that it overlaps. */
    private static void spread(double share, double lower, double upper, double low, double high, double[] rows) {
        double width = (high - low) / COLUMNS;
        for (int c = 0; share > 0 && c < COLUMNS; c++) {
            double overlap = Math.min(upper, low + (c + 1) * width) - Math.max(lower, low + c * width);
            rows[c] += overlap > 0 ? share * overlap / (upper - lower) : 0;
        }
    }

    private static int mark(double value, double from, double to) {
        if (Double.isNaN(value)) {
            return NOWHERE;
        }
        if (value < from) {
            return -1;
        }
        return value > to ? COLUMNS : Math.min(COLUMNS - 1, (int) ((value - from) / (to - from) * COLUMNS));
    }
}
