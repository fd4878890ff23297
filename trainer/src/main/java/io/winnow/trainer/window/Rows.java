package io.winnow.trainer.window;

import java.util.Arrays;

/** Rows as primitive columns that grow. Row {@code i} of a column of width w lies at {@code i * w}. */
final class Rows {
    private final int numberWidth;
    private final int categoryWidth;
    int size;
    int[] partition;
    long[] offset;
    long[] rawOffset;
    long[] arrival;
    long[] eventTime;
    long[] key;
    CleanRow.Standing[] standing;
    /** The previous accepted row of the same key, by arrival; −1 if it is not there. */
    int[] previous;

    double[] target;
    double[] numbers;
    int[] categories;

    Rows(int capacity, int numberWidth, int categoryWidth) {
        this.numberWidth = numberWidth;
        this.categoryWidth = categoryWidth;
        partition = new int[capacity];
        offset = new long[capacity];
        rawOffset = new long[capacity];
        arrival = new long[capacity];
        eventTime = new long[capacity];
        key = new long[capacity];
        standing = new CleanRow.Standing[capacity];
        previous = new int[capacity];
        target = new double[capacity];
        numbers = new double[Math.multiplyExact(capacity, numberWidth)];
        categories = new int[Math.multiplyExact(capacity, categoryWidth)];
    }

    /** Makes room for one more. */
    void grow() {
        if (size < partition.length) {
            return;
        }
        int capacity = Math.addExact(size, size / 2 + 16);
        partition = Arrays.copyOf(partition, capacity);
        offset = Arrays.copyOf(offset, capacity);
        rawOffset = Arrays.copyOf(rawOffset, capacity);
        arrival = Arrays.copyOf(arrival, capacity);
        eventTime = Arrays.copyOf(eventTime, capacity);
        key = Arrays.copyOf(key, capacity);
        standing = Arrays.copyOf(standing, capacity);
        previous = Arrays.copyOf(previous, capacity);
        target = Arrays.copyOf(target, capacity);
        numbers = Arrays.copyOf(numbers, Math.multiplyExact(capacity, numberWidth));
        categories = Arrays.copyOf(categories, Math.multiplyExact(capacity, categoryWidth));
    }

    Rows copy() {
        return select(java.util.stream.IntStream.range(0, size).toArray(), size);
    }

    /** These rows, in this order; those of one key must stay in theirs. */
    Rows select(int[] chosen, int capacity) {
        Rows to = new Rows(Math.max(capacity, chosen.length), numberWidth, categoryWidth);
        int[] moved = new int[size];
        Arrays.fill(moved, -1);
        for (int i : chosen) {
            int j = to.size++;
            to.partition[j] = partition[i];
            to.offset[j] = offset[i];
            to.rawOffset[j] = rawOffset[i];
            to.arrival[j] = arrival[i];
            to.eventTime[j] = eventTime[i];
            to.key[j] = key[i];
            to.standing[j] = standing[i];
            moved[i] = j;
            to.target[j] = target[i];
            to.previous[j] = previous[i] < 0 ? -1 : moved[previous[i]];
            System.arraycopy(numbers, i * numberWidth, to.numbers, j * numberWidth, numberWidth);
            System.arraycopy(categories, i * categoryWidth, to.categories, j * categoryWidth, categoryWidth);
        }
        return to;
    }
}
