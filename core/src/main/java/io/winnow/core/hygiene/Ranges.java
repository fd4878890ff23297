package io.winnow.core.hygiene;

/**
 * How far beyond its usual range a row's farthest field lies: what an average over fields drowns, and what a calibration
 * gets used to if it comes often enough, for what one row in fifty does is never rare. So these bits are not calibrated.
 *
 * <p>A field's range is where all but a hundredth of the learned rows lie (of a stream's first rows, which nobody has judged,
 * all but a tenth); where more than half of them have one value, of the others, for a field that is mostly zero has its range
 * when it is not. A value {@code e} ranges beyond the range's end has {@code 6 log2 e} bits, as a Student-t with six degrees of
 * freedom goes on, less log2 of the number of fields (Bonferroni 1936). At ten bits that lies so far out that clean data
 * seldom reach it, even with a tail of index 1. Nearer than one range the views are the judges. Immutable.
 */
final class Ranges {
    /** Share of learned rows beyond each end of a range: faults among them must not stretch it. */
    static final double LEARNED = 0.005;
    /** The same of rows that nobody has judged. */
    static final double UNJUDGED = 0.05;

    /** With fewer rows, of the others where one value is usual, a range is not known. */
    private static final double KNOWN_ROWS = 50;
    /** No range is narrower than this many scales. */
    private static final double LEAST = 4;

    private static final double DEGREES = 6;

    private final float[] low;
    private final float[] high;
    /** One over the length of each range; 0 where it is not known. */
    private final float[] perRange;

    private final double fieldsBits;

    /**
     * @param beyond the share of the tally's rows that lie beyond each end of a range
     */
    Ranges(Frame frame, Tally tally, double beyond) {
        int columns = frame.columns();
        low = new float[columns];
        high = new float[columns];
        perRange = new float[columns];
        fieldsBits = columns == 0 ? 0 : Density.bits(1.0 / columns);
        for (int j = 0; j < columns; j++) {
            measure(j, tally.fields, j * Grid.CELLS, beyond);
        }
    }

    private void measure(int column, int[] counts, int from, double beyond) {
        int mode = 0;
        long rows = 0;
        for (int i = 0; i < Grid.CELLS; i++) {
            rows += counts[from + i];
            mode = counts[from + i] > counts[from + mode] ? i : mode;
        }
        long varied = counts[from + mode] > rows / 2 ? rows - counts[from + mode] : rows;
        if (varied < KNOWN_ROWS * Tally.ONE) {
            return;
        }
        double trim = beyond * varied;
        int first = 0;
        for (long below = counts[from]; below <= trim && first < mode; below += counts[from + first]) {
            first++;
        }
        int last = Grid.CELLS - 1;
        for (long above = counts[from + last]; above <= trim && last > mode; above += counts[from + last]) {
            last--;
        }
        low[column] = (float) Grid.lower(first);
        high[column] = (float) Grid.lower(last + 1);
        perRange[column] = (float) (1 / Math.max(Grid.lower(last + 1) - Grid.lower(first), LEAST));
    }

    /**
     * Bits of the farthest column, ≥ 0.
     *
     * @param z a row's standardized columns; NaN, a missing value, lies nowhere
     */
    double bits(float[] z) {
        float farthest = 1;
        for (int j = 0; j < z.length; j++) {
            float beyond = beyond(j, z[j]);
            if (beyond > farthest) {
                farthest = beyond;
            }
        }
        return bits(farthest);
    }

    /** Bits of one column. */
    double bits(int column, float z) {
        float beyond = beyond(column, z);
        return beyond > 1 ? bits(beyond) : 0;
    }

    private float beyond(int column, float z) {
        return Math.max(z - high[column], low[column] - z) * perRange[column];
    }

    private double bits(float ranges) {
        return ranges == 1 ? 0 : Math.max(0, DEGREES * Density.bits(1 / (double) ranges) - fieldsBits);
    }
}
