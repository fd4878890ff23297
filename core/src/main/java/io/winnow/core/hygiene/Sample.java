package io.winnow.core.hygiene;

import io.winnow.core.contract.FeatureType;
import io.winnow.core.row.Row;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A uniform sample of distinct rows: those with the smallest hashes of their content (a bottom-k sample). The same
 * whatever was merged with what, in whatever order. New frames are made from it.
 *
 * <p>Flat arrays, so that taking a row allocates nothing.
 */
final class Sample {
    /** Rows at most; fewer for wide tables, so that a profile stays within its size. */
    static final int MAX_ROWS = 256;

    private static final int MAX_VALUES = 16_000;

    private final int features;
    private final int capacity;
    private int size;
    /** Hashes of the rows, ascending. */
    private final long[] hashes;
    /** The place of each row in the arrays below, in the order of the hashes; then the places that are free. */
    private final int[] places;

    private final long[] times;
    private final double[] numbers;
    /** Null until a row has one. */
    private @Nullable String @Nullable [] categories;

    Sample(int features) {
        this.features = features;
        this.capacity = Math.max(16, Math.min(MAX_ROWS, MAX_VALUES / features));
        hashes = new long[capacity];
        places = new int[capacity];
        times = new long[capacity];
        numbers = new double[capacity * features];
        Arrays.setAll(places, i -> i);
    }

    int size() {
        return size;
    }

    boolean isFull() {
        return size == capacity;
    }

    /** Copies of the rows, smallest hashes first. */
    List<Row> rows() {
        List<Row> rows = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            Row row = new Row(features);
            fill(i, row);
            rows.add(row);
        }
        return rows;
    }

    private void fill(int i, Row row) {
        row.eventTime = times[places[i]];
        System.arraycopy(numbers, places[i] * features, row.numbers, 0, features);
        if (categories == null) {
            Arrays.fill(row.categories, null);
        } else {
            System.arraycopy(categories, places[i] * features, row.categories, 0, features);
        }
    }

    /** Considers a row; copies it if it is taken. */
    void add(Row row) {
        add(row, hash(row));
    }

    private void add(Row row, long hash) {
        // Nearly all rows, once the sample is full.
        if (size == capacity && hash > hashes[size - 1]) {
            return;
        }
        int at = Arrays.binarySearch(hashes, 0, size, hash);
        if (at >= 0) {
            // Equal rows may differ in their time: the latest stays, whichever came first.
            times[places[at]] = Math.max(times[places[at]], row.eventTime);
        } else {
            insert(-1 - at, row, hash);
        }
    }

    /** The row with the largest hash gives way if there is no room. */
    private void insert(int at, Row row, long hash) {
        size = Math.min(size + 1, capacity);
        int place = places[size - 1];
        System.arraycopy(hashes, at, hashes, at + 1, size - 1 - at);
        System.arraycopy(places, at, places, at + 1, size - 1 - at);
        hashes[at] = hash;
        places[at] = place;
        times[place] = row.eventTime;
        System.arraycopy(row.numbers, 0, numbers, place * features, features);
        if (categories == null && Arrays.stream(row.categories).anyMatch(Objects::nonNull)) {
            categories = new String[numbers.length];
        }
        if (categories != null) {
            System.arraycopy(row.categories, 0, categories, place * features, features);
        }
    }

    void merge(Sample other) {
        Row row = new Row(features);
        for (int i = 0; i < other.size; i++) {
            other.fill(i, row);
            add(row, other.hashes[i]);
        }
    }

    void clear() {
        size = 0;
        categories = null;
    }

    private static long hash(Row row) {
        double[] x = row.numbers;
        long a = 1;
        long b = 2;
        long c = 3;
        long d = 4;
        int n = 0;
        // Four lanes: no multiplication waits for the one before it.
        for (; n + 4 <= x.length; n += 4) {
            a = step(a, x[n]);
            b = step(b, x[n + 1]);
            c = step(c, x[n + 2]);
            d = step(d, x[n + 3]);
        }
        for (; n < x.length; n++) {
            a = step(a, x[n]);
        }
        long h = mix(mix(mix(mix(a) ^ b) ^ c) ^ d);
        for (String s : row.categories) {
            if (s != null) {
                h = mix(h ^ s.length());
                // Character by character: String.hashCode collides too easily.
                for (int i = 0; i < s.length(); i++) {
                    h = mix(h ^ s.charAt(i));
                }
            } else {
                h++;
            }
        }
        return mix(h);
    }

    private static long step(long h, double x) {
        long m = (h ^ Double.doubleToRawLongBits(x)) * 0xFF51AFD7ED558CCDL;
        return m ^ m >>> 32;
    }

    /** The finalizer of SplitMix64 (Steele, Lea and Flood 2014). */
    private static long mix(long z) {
        long a = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        long b = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
        return (b ^ (b >>> 31)) + 0x9E3779B97F4A7C15L;
    }

    void write(Wire.Out out) {
        out.integer(size);
        Row row = new Row(features);
        for (int i = 0; i < size; i++) {
            fill(i, row);
            write(row, out);
        }
    }

    private static void write(Row row, Wire.Out out) {
        out.integer(row.eventTime);
        for (int i = 0; i < row.numbers.length; i++) {
            String category = row.categories[i];
            if (category != null) {
                out.integer(1).text(category);
            } else {
                out.integer(0).real(row.numbers[i]);
            }
        }
    }

    /** As many of the rows, smallest hashes first, as can be written in so many bytes. */
    Sample within(int bytes) {
        Sample part = new Sample(features);
        Wire.Out out = new Wire.Out();
        Row row = new Row(features);
        for (int i = 0; i < size; i++) {
            fill(i, row);
            write(row, out);
            if (out.size() > bytes) {
                break;
            }
            part.add(row, hashes[i]);
        }
        return part;
    }

    void read(Wire.In in) {
        clear();
        int n = in.count(capacity);
        Row row = new Row(features);
        for (int r = 0; r < n; r++) {
            row.clear();
            row.eventTime = in.integer();
            for (int i = 0; i < row.numbers.length; i++) {
                if (in.integer() == 1) {
                    row.categories[i] = in.text(FeatureType.MAX_CATEGORY_CHARS);
                } else {
                    row.numbers[i] = in.real();
                }
            }
            add(row);
        }
    }
}
