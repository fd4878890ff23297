package io.winnow.core.contract;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/**
 * What a model sees besides the row itself, all of it of the same key: earlier rows' fields and targets, and means over the
 * last rows. Counted in accepted rows, not in time. Parts of the day and week are derived from every time field by
 * themselves.
 *
 * @param lags which previous rows are looked at: 1 is the last one
 * @param means over how many of the last rows means are taken
 */
public record Derive(List<Integer> lags, List<Integer> means) {
    /** Looking further back costs memory for every row of a window. */
    public static final int MAX_LAG = 1_000;

    /** At most this many of each. */
    private static final int MAX_COUNT = 16;

    private static final List<Integer> LAGS = List.of(1, 2, 24, 168);

    /** Lags 1, 2, 24 and 168, and means over 3, 6, 12, 24, 48, 96 and 168 rows. */
    public static final Derive DEFAULT = of(LAGS);

    public Derive {
        lags = checked(lags, "lags");
        means = checked(means, "means");
        if (lags.isEmpty()) {
            throw new IllegalArgumentException("derive: lags needs at least one; write lags: [1]");
        }
    }

    /** These lags, and means over spans that double from 3 on up to the longest lag. */
    public static Derive of(List<Integer> lags) {
        List<Integer> means = new ArrayList<>();
        int longest =
                checked(lags, "lags").stream().mapToInt(Integer::intValue).max().orElse(0);
        for (int span = 3; span < longest; span *= 2) {
            means.add(span);
        }
        if (longest > 1) {
            means.add(longest);
        }
        return new Derive(lags, means);
    }

    /** Rows of history that the farthest of them needs. */
    public int depth() {
        int lag = lags.get(lags.size() - 1);
        return means.isEmpty() ? lag : Math.max(lag, means.get(means.size() - 1));
    }

    private static List<Integer> checked(List<Integer> values, String what) {
        List<Integer> sorted = List.copyOf(new TreeSet<>(values));
        if (sorted.size() != values.size() || sorted.size() > MAX_COUNT) {
            throw new IllegalArgumentException(
                    "derive: " + what + " must be at most " + MAX_COUNT + " different numbers, not " + values);
        }
        int least = what.equals("means") ? 2 : 1;
        if (!sorted.isEmpty() && (sorted.get(0) < least || sorted.get(sorted.size() - 1) > MAX_LAG)) {
            throw new IllegalArgumentException(
                    "derive: " + what + " must lie within " + least + " and " + MAX_LAG + ", not " + values);
        }
        return sorted;
    }
}
