package io.winnow.core.hygiene;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Few, well-filled bins in place of many cells, by what the profile knows of a field: in 288 cells nearly every index of
 * stability would be noise. {@link #BINS} bins hold about equal shares of the profile's rows. A cell that holds a bin's
 * share by itself (a constant, a flag, a spike at zero) is a bin of its own, so that values around it show.
 */
final class DriftBins {
    private static final int BINS = 10;
    /** Categories with the most rows are bins of their own; the others share one. */
    private static final int CATEGORIES = 19;

    private DriftBins() {}

    /**
     * The bin of each cell of a numeric field, counted from 0 upwards.
     *
     * @param rows what the profile counted in each cell
     */
    static int[] ofCells(double[] rows) {
        double share = Arrays.stream(rows).sum() / BINS;
        int[] bin = new int[rows.length];
        if (share == 0) {
            return bin;
        }
        int at = 0;
        double held = 0;
        boolean alone = false;
        int start = 0;
        for (int i = 0; i < rows.length; i++) {
            boolean spike = rows[i] >= share;
            if (i > start && (spike || alone || held >= share)) {
                at++;
                start = i;
                held = 0;
            }
            alone = spike;
            bin[i] = at;
            held += rows[i];
        }
        // What is left after the last full bin and holds little joins it.
        boolean thin = at > 0 && held < share / 2 && rows[start - 1] < share;
        if (thin) {
            Arrays.fill(bin, start, rows.length, at - 1);
        }
        return bin;
    }

    /** The bin of each bucket of a category: the most frequent ones are alone, all the others are in bin 0. */
    static int[] ofBuckets(double[] rows) {
        int[] order = IntStream.range(0, rows.length)
                .filter(i -> rows[i] > 0)
                .boxed()
                .sorted((a, b) -> rows[a] == rows[b] ? Integer.compare(a, b) : Double.compare(rows[b], rows[a]))
                .limit(CATEGORIES)
                .mapToInt(Integer::intValue)
                .toArray();
        int[] bin = new int[rows.length];
        for (int i = 0; i < order.length; i++) {
            bin[order[i]] = i + 1;
        }
        return bin;
    }
}
