package io.winnow.core.hygiene;

import io.winnow.core.contract.FeatureType;
import io.winnow.core.row.Row;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/**
 * A uniform sample of distinct rows: those with the smallest hashes of their content (a bottom-k sample). The same
 * whatever was merged with what, in whatever order. New frames are made from it.
 */
final class Sample {
    /** Rows at most; fewer for wide tables, so that a profile stays within its size. */
    static final int MAX_ROWS = 256;

    private static final int MAX_VALUES = 16_000;

    private final int features;
    private final int capacity;
    private final TreeMap<Long, Row> rows = new TreeMap<>();
    /** Rows with higher hashes are passed over: nearly all, once the sample is full. */
    private long highest = Long.MAX_VALUE;

    Sample(int features) {
        this.features = features;
        this.capacity = Math.max(16, Math.min(MAX_ROWS, MAX_VALUES / features));
    }

    int size() {
        return rows.size();
    }

    boolean isFull() {
        return rows.size() >= capacity;
    }

    Collection<Row> rows() {
        return rows.values();
    }

    /** Considers a row; copies it if it is taken. */
    void add(Row row) {
        long hash = hash(row);
        if (hash > highest) {
            return;
        }
        Row known = rows.get(hash);
        if (known != null) {
            // Equal rows may differ in their time: the latest stays, whichever came first.
            known.eventTime = Math.max(known.eventTime, row.eventTime);
        } else {
            rows.put(hash, row.copy());
            if (rows.size() > capacity) {
                rows.pollLastEntry();
            }
            highest = isFull() ? rows.lastKey() : Long.MAX_VALUE;
        }
    }

    void merge(Sample other) {
        other.rows.values().forEach(this::add);
    }

    void clear() {
        rows.clear();
        highest = Long.MAX_VALUE;
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
        out.integer(rows.size());
        rows.values().forEach(row -> write(row, out));
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
        int left = bytes;
        for (Map.Entry<Long, Row> entry : rows.entrySet()) {
            Wire.Out out = new Wire.Out();
            write(entry.getValue(), out);
            left -= out.size();
            if (left < 0) {
                break;
            }
            part.rows.put(entry.getKey(), entry.getValue());
        }
        return part;
    }

    void read(Wire.In in) {
        clear();
        int n = in.count(capacity);
        for (int r = 0; r < n; r++) {
            Row row = new Row(features);
            row.eventTime = in.integer();
            for (int i = 0; i < row.numbers.length; i++) {
                if (in.integer() == 1) {
                    row.categories[i] = in.text(FeatureType.MAX_CATEGORY_CHARS);
                } else {
                    row.numbers[i] = in.real();
                }
            }
            rows.put(hash(row), row);
        }
        highest = isFull() ? rows.lastKey() : Long.MAX_VALUE;
    }
}
