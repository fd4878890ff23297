package io.winnow.core.hygiene;

import java.util.Arrays;

/**
 * Where the values of each field of some rows fell, cell by cell, missing values apart. A summary counts in it the valid
 * rows that the densities do <em>not</em> learn; with those that they do, that is every row there was.
 */
final class FieldCounts {
    /** Cells of each column, {@code columns × CELLS}. */
    final int[] fields;
    /** Missing values of each column. */
    final int[] missing;
    /** Buckets of each category, missing last. */
    final int[] categories;

    FieldCounts(Frame frame) {
        fields = new int[frame.columns() * Grid.CELLS];
        missing = new int[frame.columns()];
        categories = new int[frame.category.length * (frame.buckets + 1)];
    }

    void add(FieldCounts other) {
        Tally.add(fields, other.fields, 1);
        Tally.add(missing, other.missing, 1);
        Tally.add(categories, other.categories, 1);
    }

    void clear() {
        Arrays.fill(fields, 0);
        Arrays.fill(missing, 0);
        Arrays.fill(categories, 0);
    }

    void write(Wire.Out out) {
        out.sparse(fields, 0).sparse(missing, 0).sparse(categories, 0);
    }

    void read(Wire.In in) {
        in.sparse(fields, 0);
        in.sparse(missing, 0);
        in.sparse(categories, 0);
    }
}
