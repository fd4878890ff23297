package io.winnow.core.hygiene;

import io.winnow.core.contract.FeatureType;
import io.winnow.core.row.Row;
import java.util.Collection;
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

    Sample(int features) {
        this.features = features;
        this.capacity = Math.max(16, Math.min(MAX_ROWS, MAX_VALUES / features));
    }

    int size() {
        return rows.size();
    }

    Collection<Row> rows() {
        return rows.values();
    }

    /** Considers a row; copies it if it is taken. */
    void add(Row row) {
        long hash = hash(row);
        if ((rows.size() < capacity || hash < rows.lastKey()) && !rows.containsKey(hash)) {
            rows.put(hash, row.copy());
            if (rows.size() > capacity) {
                rows.pollLastEntry();
            }
        }
    }

    void merge(Sample other) {
        other.rows.values().forEach(this::add);
    }

    void clear() {
        rows.clear();
    }

    private static long hash(Row row) {
        long h = 0x9E3779B97F4A7C15L;
        for (double x : row.numbers) {
            h = mix(h ^ Double.doubleToLongBits(x));
        }
        for (String s : row.categories) {
            h = mix(h ^ (s == null ? 1 : s.hashCode()));
        }
        return h;
    }

    /** The finalizer of SplitMix64 (Steele, Lea and Flood 2014). */
    private static long mix(long z) {
        long a = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        long b = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
        return (b ^ (b >>> 31)) + 0x9E3779B97F4A7C15L;
    }

    void write(Wire.Out out) {
        out.integer(rows.size());
        for (Row row : rows.values()) {
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
    }

    void read(Wire.In in) {
        rows.clear();
        int n = in.count(capacity);
        for (int r = 0; r < n; r++) {
            Row row = new Row(features);
            row.eventTime = in.integer();
            for (int i = 0; i < row.numbers.length; i++) {
                if (in.integer() == 1) {
                    row.categories[i] = in.text(4 * FeatureType.MAX_CATEGORY_CHARS);
                } else {
                    row.numbers[i] = in.real();
                }
            }
            rows.put(hash(row), row);
        }
    }
}
