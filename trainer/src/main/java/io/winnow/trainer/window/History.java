package io.winnow.trainer.window;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * What came before each row: the rows of the same key in order of event time. Released and
 * quarantined rows have a history but are in nobody's: when later rows were accepted, they were not there.
 */
public final class History {
    /** Rows that count as history, key after key, each key's in order of time. */
    private final int[] past;
    /** For each row, where its key starts in {@link #past}. */
    private final int[] start;
    /** For each row, where its own place in {@link #past} is: its first lag lies just before. */
    private final int[] place;

    /** The history of this window's rows. */
    public History(Window window) {
        int n = window.size();
        int[] order = IntStream.range(0, n)
                .boxed()
                .sorted(Comparator.<Integer>comparingLong(window::key).thenComparing(window::compareInTime))
                .mapToInt(Integer::intValue)
                .toArray();
        int[] all = new int[n];
        start = new int[n];
        place = new int[n];
        int end = 0;
        int keyStart = 0;
        for (int j = 0; j < n; j++) {
            int row = order[j];
            if (j > 0 && window.key(row) != window.key(order[j - 1])) {
                keyStart = end;
            }
            start[row] = keyStart;
            place[row] = end;
            if (window.standing(row) == CleanRow.Standing.ACCEPTED) {
                all[end++] = row;
            }
        }
        past = Arrays.copyOf(all, end);
    }

    /** The row at a place of the past: of the rows that count as history, key after key, each key's in order of time. */
    public int past(int place) {
        return past[place];
    }

    /** How many of {@link #past}'s places lie before the row's own: its first lag is the last of these. */
    public int place(int row) {
        return place[row];
    }

    /** Where the row's key starts in {@link #past}. */
    public int start(int row) {
        return start[row];
    }

    /** The {@code lag}-th previous row of the row's key, or −1 if there is none. */
    public int before(int row, int lag) {
        int at = place[row] - lag;
        return at >= start[row] ? past[at] : -1;
    }

    /** The last target before the row, of its key, that was known when it came, or NaN. */
    public double lastTarget(Window window, int row) {
        for (int at = place[row] - 1; at >= start[row]; at--) {
            double target = window.targetSeenBy(row, past[at]);
            if (!Double.isNaN(target)) {
                return target;
            }
        }
        return Double.NaN;
    }
}
