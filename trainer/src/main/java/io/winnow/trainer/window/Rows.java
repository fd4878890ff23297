package io.winnow.trainer.window;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Rows as primitive columns that grow, in pages: a million rows are never copied to make room for one more, and a window
 * can share them. Row {@code i} of a page's column of width w lies at {@code i * w}.
 */
final class Rows {
    /** A target that came with its row was known before any later row. */
    static final long WITH_ROW = Long.MIN_VALUE;

    /** Offsets have fewer bits than this. */
    static final int PARTITION_SHIFT = 48;

    private static final int PAGE_SHIFT = 11;
    private static final int PAGE_ROWS = 1 << PAGE_SHIFT;
    private static final int FIRST_ROWS = 64;

    private final int numberWidth;
    private final int categoryWidth;
    private final List<Page> pages;
    private int size;

    Rows(int numberWidth, int categoryWidth) {
        this(numberWidth, categoryWidth, new ArrayList<>(), 0);
    }

    private Rows(int numberWidth, int categoryWidth, List<Page> pages, int size) {
        this.numberWidth = numberWidth;
        this.categoryWidth = categoryWidth;
        this.pages = pages;
        this.size = size;
    }

    /** Some rows in a row. */
    static final class Page {
        private final int numberWidth;
        private final int categoryWidth;
        int[] partition = new int[0];
        long[] offset = new long[0];
        long[] rawOffset = new long[0];
        long[] arrival = new long[0];
        /** The record's own Kafka timestamp. */
        long[] timestamp = new long[0];
        /** A number that a row keeps, in order of arrival. */
        long[] sequence = new long[0];

        long[] eventTime = new long[0];
        long[] key = new long[0];
        CleanRow.Standing[] standing = new CleanRow.Standing[0];
        /** The previous accepted row of the same key, by arrival; −1 if it is not there. */
        int[] previous = new int[0];

        double[] target = new double[0];
        /** The Kafka timestamp since which the target is known; {@link #WITH_ROW} where it came with the row. */
        long[] labelled = new long[0];
        /** Where a label that came later lies: partition and offset on the labels topic. */
        long[] labelPlace = new long[0];

        double[] numbers = new double[0];
        int[] categories = new int[0];

        private Page(int numberWidth, int categoryWidth, int rows) {
            this.numberWidth = numberWidth;
            this.categoryWidth = categoryWidth;
            resize(rows);
        }

        private int capacity() {
            return partition.length;
        }

        private void resize(int rows) {
            partition = Arrays.copyOf(partition, rows);
            offset = Arrays.copyOf(offset, rows);
            rawOffset = Arrays.copyOf(rawOffset, rows);
            arrival = Arrays.copyOf(arrival, rows);
            timestamp = Arrays.copyOf(timestamp, rows);
            sequence = Arrays.copyOf(sequence, rows);
            eventTime = Arrays.copyOf(eventTime, rows);
            key = Arrays.copyOf(key, rows);
            standing = Arrays.copyOf(standing, rows);
            previous = Arrays.copyOf(previous, rows);
            target = Arrays.copyOf(target, rows);
            labelled = Arrays.copyOf(labelled, rows);
            labelPlace = Arrays.copyOf(labelPlace, rows);
            numbers = Arrays.copyOf(numbers, Math.multiplyExact(rows, numberWidth));
            categories = Arrays.copyOf(categories, Math.multiplyExact(rows, categoryWidth));
        }

        private void copy(Page from, int i, int j) {
            partition[j] = from.partition[i];
            offset[j] = from.offset[i];
            rawOffset[j] = from.rawOffset[i];
            arrival[j] = from.arrival[i];
            timestamp[j] = from.timestamp[i];
            sequence[j] = from.sequence[i];
            eventTime[j] = from.eventTime[i];
            key[j] = from.key[i];
            standing[j] = from.standing[i];
            target[j] = from.target[i];
            labelled[j] = from.labelled[i];
            labelPlace[j] = from.labelPlace[i];
            System.arraycopy(from.numbers, i * numberWidth, numbers, j * numberWidth, numberWidth);
            System.arraycopy(from.categories, i * categoryWidth, categories, j * categoryWidth, categoryWidth);
        }
    }

    /** Partition and offset as one number. */
    static long place(int partition, long offset) {
        return ((long) partition << PARTITION_SHIFT) ^ offset;
    }

    int size() {
        return size;
    }

    /** The page that holds a row; the row is {@link #at} in it. */
    Page page(int row) {
        return pages.get(row >>> PAGE_SHIFT);
    }

    /** Where in its page a row is. */
    static int at(int row) {
        return row & (PAGE_ROWS - 1);
    }

    /** Adds an empty row; its number. */
    int append() {
        if (at(size) == 0) {
            pages.add(new Page(numberWidth, categoryWidth, FIRST_ROWS));
        }
        Page page = page(size);
        if (at(size) == page.capacity()) {
            page.resize(Math.min(PAGE_ROWS, 2 * page.capacity()));
        }
        return size++;
    }

    int partition(int row) {
        return page(row).partition[at(row)];
    }

    long offset(int row) {
        return page(row).offset[at(row)];
    }

    long rawOffset(int row) {
        return page(row).rawOffset[at(row)];
    }

    long arrival(int row) {
        return page(row).arrival[at(row)];
    }

    long timestamp(int row) {
        return page(row).timestamp[at(row)];
    }

    long sequence(int row) {
        return page(row).sequence[at(row)];
    }

    long eventTime(int row) {
        return page(row).eventTime[at(row)];
    }

    long key(int row) {
        return page(row).key[at(row)];
    }

    CleanRow.Standing standing(int row) {
        return page(row).standing[at(row)];
    }

    int previous(int row) {
        return page(row).previous[at(row)];
    }

    double target(int row) {
        return page(row).target[at(row)];
    }

    long labelled(int row) {
        return page(row).labelled[at(row)];
    }

    long labelPlace(int row) {
        return page(row).labelPlace[at(row)];
    }

    double number(int row, int column) {
        return page(row).numbers[at(row) * numberWidth + column];
    }

    int category(int row, int column) {
        return page(row).categories[at(row) * categoryWidth + column];
    }

    /** The row that keeps this number, or a negative number. */
    int withSequence(long sequence) {
        int low = 0;
        int high = size - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            long found = sequence(middle);
            if (found == sequence) {
                return middle;
            }
            if (found < sequence) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1;
    }

    /** The rows that are here now. Later ones do not show; what becomes of these does. */
    Rows sharing() {
        return new Rows(numberWidth, categoryWidth, List.copyOf(pages), size);
    }

    /** A copy of these rows, whose numbers rise. */
    Rows select(int[] chosen) {
        Rows to = new Rows(numberWidth, categoryWidth);
        for (int from = 0; from < chosen.length; from += PAGE_ROWS) {
            int rows = Math.min(PAGE_ROWS, chosen.length - from);
            Page page = new Page(numberWidth, categoryWidth, rows);
            for (int j = 0; j < rows; j++) {
                int row = chosen[from + j];
                page.copy(page(row), at(row), j);
                int before = previous(row);
                page.previous[j] = before < 0 ? -1 : Math.max(-1, Arrays.binarySearch(chosen, before));
            }
            to.pages.add(page);
        }
        to.size = chosen.length;
        return to;
    }
}
