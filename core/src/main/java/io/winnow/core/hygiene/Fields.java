package io.winnow.core.hygiene;

import io.winnow.core.row.Row;
import org.jspecify.annotations.Nullable;

/**
 * The view of a row's fields one by one: the mean of their surprisals. The tables are immutable and shared; the buffers are
 * one thread's.
 */
final class Fields {
    private final Frame frame;
    private final Tables tables;

    /** Standardized columns of the row last scored; NaN where missing. */
    final double[] z;
    /** The same as floats. */
    final float[] floats;

    private final float[] magnitudes;
    /** For each column, its cell among those of all columns; −1 where missing. */
    final int[] cells;
    /** For each category, its bucket among those of all categories. */
    final int[] buckets;

    /** What is known of each cell and bucket. */
    static final class Tables {
        /** Counts of the cells, in {@link Tally#ONE}s. */
        private final int[] counts;
        /** Surprisal of a value in each cell, and of there being one; fixed point. */
        private final int[] present;
        /** Surprisal of a missing value of each column, and of each bucket of each category; in bits. */
        final float[] missing;

        final float[] categories;
        /** Tail bits of each cell: only explanations and decisions ask for them. */
        private float @Nullable [] tail;

        private Tables(Frame frame, Tally tally) {
            counts = tally.fields;
            present = Density.table(counts);
            missing = new float[frame.columns()];
            for (int j = 0; j < missing.length; j++) {
                double rows = 0;
                for (int i = j * Grid.CELLS; i < (j + 1) * Grid.CELLS; i++) {
                    rows += counts[i] / (double) Tally.ONE;
                }
                double without = tally.missing[j] / (double) Tally.ONE;
                double share = (without + 0.5) / (rows + without + 1);
                missing[j] = (float) Density.bits(share);
                int isThere = Density.fixed(Density.bits(1 - share));
                for (int i = j * Grid.CELLS; i < (j + 1) * Grid.CELLS; i++) {
                    present[i] += isThere;
                }
            }
            categories = categories(frame, tally);
        }

        /** Tail bits of each cell of each column. Whichever thread makes them first: they come out the same. */
        float[] tail() {
            float[] made = tail;
            if (made == null) {
                made = new float[counts.length];
                for (int at = 0; at < made.length; at += Grid.CELLS) {
                    Density.tailBits(counts, at, Tally.ONE, made);
                }
                tail = made;
            }
            return made;
        }

        private static float[] categories(Frame frame, Tally tally) {
            float[] table = new float[tally.categories.length];
            int buckets = frame.buckets + 1;
            for (int c = 0; c < frame.category.length; c++) {
                double rows = 0;
                int distinct = 0;
                for (int b = 0; b < buckets; b++) {
                    rows += tally.categories[c * buckets + b] / (double) Tally.ONE;
                    distinct += tally.categories[c * buckets + b] > 0 ? 1 : 0;
                }
                for (int b = 0; b < buckets; b++) {
                    // Half a row for each value seen and one more for all the unseen (after Krichevsky and Trofimov
                    // 1981).
                    double count = tally.categories[c * buckets + b] / (double) Tally.ONE + 0.5;
                    table[c * buckets + b] = (float) Density.bits(count / (rows + 0.5 * (distinct + 1)));
                }
            }
            return table;
        }
    }

    Fields(Frame frame, Tally tally) {
        this(frame, new Tables(frame, tally));
    }

    private Fields(Frame frame, Tables tables) {
        this.frame = frame;
        this.tables = tables;
        z = new double[frame.columns()];
        floats = new float[frame.columns()];
        magnitudes = new float[frame.columns()];
        cells = new int[frame.columns()];
        buckets = new int[frame.category.length];
    }

    /** The same tables with buffers of its own. */
    Fields forThread() {
        return new Fields(frame, tables);
    }

    Tables tables() {
        return tables;
    }

    /** Mean surprisal of a row's fields. */
    double score(Row row) {
        frame.standardize(row, z);
        for (int j = 0; j < z.length; j++) {
            floats[j] = (float) z[j];
        }
        Grid.cells(floats, magnitudes, cells);
        long fixed = 0;
        double sum = 0;
        for (int j = 0; j < cells.length; j++) {
            if (cells[j] >= 0) {
                fixed += tables.present[cells[j]];
            } else {
                sum += tables.missing[j];
            }
        }
        for (int c = 0; c < buckets.length; c++) {
            buckets[c] = c * (frame.buckets + 1) + frame.bucket(row.categories[frame.category[c]]);
            sum += tables.categories[buckets[c]];
        }
        return (sum + fixed / (double) Density.FIXED) / (z.length + buckets.length);
    }

    /** Counts where the values of the row last scored fell. */
    void count(int[] values, int[] missing, int[] categories) {
        for (int j = 0; j < cells.length; j++) {
            if (cells[j] >= 0) {
                values[cells[j]]++;
            } else {
                missing[j]++;
            }
        }
        for (int bucket : buckets) {
            categories[bucket]++;
        }
    }

    /** How surprising the value of a numeric column of the row last scored is by itself, in bits. */
    double columnBits(int j) {
        return cells[j] < 0 ? tables.missing[j] : tables.tail()[cells[j]];
    }

    /** The same of a category. */
    double categoryBits(int c) {
        return tables.categories[buckets[c]];
    }

    /** The bits of each of {@link Parts} that is a field: 0 for a side of a column where the row is not. */
    void partBits(Parts parts, double[] bits) {
        for (int j = 0; j < cells.length; j++) {
            int side = cells[j] < 0 ? Parts.MISSING : Parts.side(cells[j] % Grid.CELLS);
            bits[parts.side(j, side)] = columnBits(j);
        }
        for (int c = 0; c < buckets.length; c++) {
            bits[parts.category(c)] = categoryBits(c);
        }
    }

    /** The standardized vector of the row last scored: contract order, NaN where missing and for categories. */
    void copyTo(float[] features) {
        for (int j = 0; j < z.length; j++) {
            features[frame.numeric[j]] = floats[j];
        }
    }
}
