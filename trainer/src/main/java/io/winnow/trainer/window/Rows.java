package io.winnow.trainer.window;

import java.util.Arrays;

/** Rows as primitive columns that grow. Row {@code i} of a column of width w lies at {@code i * w}. */
final class Rows {
    /** A target that came with its row was known before any later row. */
    static final long WITH_ROW = Long.MIN_VALUE;

    /** Offsets have fewer bits than this. */
    static final int PARTITION_SHIFT = 48;

    private final int numberWidth;
    private final int categoryWidth;
    int size;
    int[] partition;
    long[] offset;
    long[] rawOffset;
    long[] arrival;
    /** The record's own Kafka timestamp. */
    long[] timestamp;
    /** A number that a row keeps, in order of arrival. */
    long[] sequence;

    long[] eventTime;
    long[] key;
    CleanRow.Standing[] standing;
    /** The previous accepted row of the same key, by arrival; −1 if it is not there. */
    int[] previous;

    double[] target;
    /** The Kafka timestamp since which the target is known; {@link #WITH_ROW} where it came with the row. */
    long[] labelled;
    /** Where a label that came later lies: partition and offset on the labels topic. */
    long[] labelPlace;

    double[] numbers;
    int[] categories;

    Rows(int capacity, int numberWidth, int categoryWidth) {
        this.numberWidth = numberWidth;
        this.categoryWidth = categoryWidth;
        partition = new int[capacity];
        offset = new long[capacity];
        rawOffset = new long[capacity];
        arrival = new long[capacity];
        timestamp = new long[capacity];
        sequence = new long[capacity];
        eventTime = new long[capacity];
        key = new long[capacity];
        standing = new CleanRow.Standing[capacity];
        previous = new int[capacity];
        target = new double[capacity];
        labelled = new long[capacity];
        labelPlace = new long[capacity];
        numbers = new double[Math.multiplyExact(capacity, numberWidth)];
        categories = new int[Math.multiplyExact(capacity, categoryWidth)];
    }

    /** Partition and offset as one number. */
    static long place(int partition, long offset) {
        return ((long) partition << PARTITION_SHIFT) ^ offset;
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
        timestamp = Arrays.copyOf(timestamp, capacity);
        sequence = Arrays.copyOf(sequence, capacity);
        eventTime = Arrays.copyOf(eventTime, capacity);
        key = Arrays.copyOf(key, capacity);
        standing = Arrays.copyOf(standing, capacity);
        previous = Arrays.copyOf(previous, capacity);
        target = Arrays.copyOf(target, capacity);
        labelled = Arrays.copyOf(labelled, capacity);
        labelPlace = Arrays.copyOf(labelPlace, capacity);
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
            to.timestamp[j] = timestamp[i];
            to.sequence[j] = sequence[i];
            to.eventTime[j] = eventTime[i];
            to.key[j] = key[i];
            to.standing[j] = standing[i];
            moved[i] = j;
            to.target[j] = target[i];
            to.labelled[j] = labelled[i];
            to.labelPlace[j] = labelPlace[i];
            to.previous[j] = previous[i] < 0 ? -1 : moved[previous[i]];
            System.arraycopy(numbers, i * numberWidth, to.numbers, j * numberWidth, numberWidth);
            System.arraycopy(categories, i * categoryWidth, to.categories, j * categoryWidth, categoryWidth);
        }
        return to;
    }
}
