package io.winnow.trainer.window;

import io.winnow.core.contract.WindowKind;
import io.winnow.trainer.window.CleanRow.Standing;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Which rows of a window are learned from and which are kept to judge by: row numbers, each part in order of event
 * time, each part wholly later than the one before. Only rows with a target are in any.
 *
 * @param fit to learn from
 * @param validation to choose by: when to stop, and how to answer
 * @param delayed rows before the holdout whose label came only after it had begun: learned when that came, in its midst
 * @param holdout to judge by, once: from where the newest fifth of the accepted rows begins, quarantined ones among them,
 *     never a released one
 */
public record Split(int[] fit, int[] validation, int[] delayed, int[] holdout) {
    private static final double HOLDOUT = 0.2;
    /** More rows than these make no judgement surer. */
    private static final int MOST_HELD = 20_000;

    private static final double VALIDATION = 0.15;
    /** In a decayed window a row takes part half as likely with each of these shares of the window that it is older. */
    private static final double HALF_LIFE = 0.2;

    /** The split of this window. */
    public static Split of(Window window) {
        int[] examples = IntStream.range(0, window.size())
                .filter(i -> !Double.isNaN(window.target(i)))
                .boxed()
                .sorted(window::compareInTime)
                .mapToInt(Integer::intValue)
                .toArray();
        int[] accepted = select(examples, i -> window.standing(i) == Standing.ACCEPTED);
        int held = Math.min(MOST_HELD, (int) Math.ceil(HOLDOUT * accepted.length));
        if (held == 0) {
            int[] all = select(examples, i -> window.standing(i) != Standing.ASIDE);
            return new Split(all, new int[0], new int[0], new int[0]);
        }
        int first = accepted[accepted.length - held];
        int[] holdout =
                select(examples, i -> window.standing(i) != Standing.RELEASED && window.compareInTime(i, first) >= 0);
        int[] before =
                select(examples, i -> window.standing(i) != Standing.ASIDE && window.compareInTime(i, first) < 0);
        // What was not known when the holdout began must not help to answer it.
        int[] earlier = select(before, i -> window.labelled(i) < window.timestamp(first));
        int[] delayed = select(before, i -> window.labelled(i) >= window.timestamp(first));
        int fit = earlier.length - Math.min(MOST_HELD, (int) Math.ceil(VALIDATION * earlier.length));
        int[] learned = Arrays.copyOf(earlier, fit);
        return new Split(
                window.contract().training().window() == WindowKind.DECAYED ? decayed(window, learned) : learned,
                Arrays.copyOfRange(earlier, fit, earlier.length),
                delayed,
                holdout);
    }

    private static int[] select(int[] rows, IntPredicate which) {
        return Arrays.stream(rows).filter(which).toArray();
    }

    /** Thinned by age, by a number that hangs on the row alone: the same window gives the same rows. */
    private static int[] decayed(Window window, int[] rows) {
        double halfLife = HALF_LIFE * window.contract().training().windowRows();
        return IntStream.range(0, rows.length)
                .filter(i -> new SplittableRandom(window.place(rows[i])).nextDouble()
                        < Math.pow(0.5, (rows.length - 1 - i) / halfLife))
                .map(i -> rows[i])
                .toArray();
    }

    /** Everything that may be learned from: fit, then validation. */
    public int[] seen() {
        return IntStream.concat(Arrays.stream(fit), Arrays.stream(validation)).toArray();
    }
}
