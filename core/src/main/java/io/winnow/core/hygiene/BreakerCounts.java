package io.winnow.core.hygiene;

import io.winnow.core.contract.Breaker;
import io.winnow.core.row.Reason;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Counts what becomes of records, and says when nearly all of them are set aside. Older records count half as much with
 * each {@value #WINDOW}, and it decides every {@value #STEP}, so that neither a burst nor a single record moves it. The
 * alarm begins at the contract's share and ends below half of it: what lies between keeps it as it is.
 *
 * <p>Integer counts of one subtask's records, in their order: the same records give the same alarm at the same record
 * again, after a restart too. Not thread-safe.
 */
public final class BreakerCounts {
    /** Records that it remembers, at most. */
    public static final int WINDOW = 1_000;
    /** It decides after so many, and for the first time after so many. */
    public static final int STEP = 250;

    private final double begins;
    private final double ends;
    /** By reason; the last one counts what was accepted. */
    private final int[] counts = new int[Reason.values().length + 1];

    private int sinceDecision;
    private boolean alarm;

    /** With nothing counted. */
    public BreakerCounts(Breaker breaker) {
        begins = breaker.share();
        ends = breaker.share() / 2;
    }

    /**
     * One more record.
     *
     * @param reason null if it was accepted
     * @return whether the alarm has just begun or ended
     */
    public boolean note(@Nullable Reason reason) {
        counts[reason == null ? counts.length - 1 : reason.ordinal()]++;
        return ++sinceDecision == STEP && decide();
    }

    private boolean decide() {
        sinceDecision = 0;
        boolean before = alarm;
        double share = share();
        alarm = alarm ? share >= ends : share >= begins;
        if (total() >= WINDOW) {
            for (int i = 0; i < counts.length; i++) {
                counts[i] /= 2;
            }
        }
        return alarm != before;
    }

    private int total() {
        return Arrays.stream(counts).sum();
    }

    /** The share that was set aside; 0 while there is none. */
    public double share() {
        int total = total();
        return total == 0 ? 0 : 1 - counts[counts.length - 1] / (double) total;
    }

    /** Whether nearly everything is set aside. */
    public boolean isAlarm() {
        return alarm;
    }

    /** The share and the reasons for it, the most frequent first, in one line. */
    public String describe() {
        StringBuilder s = new StringBuilder(String.format(Locale.ROOT, "%.0f %% set aside", 100 * share()));
        String separator = ": ";
        int[] left = counts.clone();
        for (int n = 0; n < left.length - 1; n++) {
            int most = 0;
            for (int i = 1; i < left.length - 1; i++) {
                most = left[i] > left[most] ? i : most;
            }
            if (left[most] > 0) {
                s.append(separator).append(String.format(Locale.ROOT, "%.0f %% ", 100.0 * left[most] / total()));
                s.append(Reason.values()[most]);
                separator = ", ";
            }
            left[most] = 0;
        }
        return s.toString();
    }

    /** All of it, for a checkpoint. */
    public int[] snapshot() {
        int[] all = Arrays.copyOf(counts, counts.length + 2);
        all[counts.length] = sinceDecision;
        all[counts.length + 1] = alarm ? 1 : 0;
        return all;
    }

    /**
     * Goes on where {@link #snapshot} was taken.
     *
     * @throws IllegalArgumentException if it is none
     */
    public void restore(int[] snapshot) {
        if (snapshot.length != counts.length + 2) {
            throw new IllegalArgumentException("not a breaker's counts: " + snapshot.length + " numbers");
        }
        System.arraycopy(snapshot, 0, counts, 0, counts.length);
        sinceDecision = snapshot[counts.length];
        alarm = snapshot[counts.length + 1] == 1;
    }
}
