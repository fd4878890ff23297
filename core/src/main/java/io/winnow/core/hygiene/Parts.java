package io.winnow.core.hygiene;

/**
 * The parts of a row's surprise that decisions weigh: each view, then each numeric column below its center, above it and
 * missing, then each category.
 *
 * @param columns numeric columns
 * @param categories category columns
 */
record Parts(int columns, int categories) {
    static final int BELOW = 0;
    static final int ABOVE = 1;
    static final int MISSING = 2;
    private static final int SIDES = 3;

    static Parts of(Frame.Layout layout) {
        int categories = layout.columns(true).length;
        return new Parts(layout.features() - categories, categories);
    }

    int count() {
        return Frame.VIEWS + SIDES * columns + categories;
    }

    int side(int column, int side) {
        return Frame.VIEWS + SIDES * column + side;
    }

    /** Which side of its center a cell lies on. */
    static int side(int cell) {
        return cell < Grid.HALF ? BELOW : ABOVE;
    }

    int category(int c) {
        return Frame.VIEWS + SIDES * columns + c;
    }
}
