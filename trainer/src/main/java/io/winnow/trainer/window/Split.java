package io.winnow.trainer.window;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Which rows of a window are learned from and which are kept to judge by: row numbers, each part in order of event
 * time, each part wholly later than the one before. Only rows with a target are in any.
 *
 * @param fit to learn from
 * @param validation to choose by: when to stop, and how to answer
 * @param holdout to judge by, once; the newest fifth, and never a released row
 */
public record Split(int[] fit, int[] validation, int[] holdout) {
    private static final double HOLDOUT = 0.2;
    private static final double VALIDATION = 0.15;

    /** The split of this window. */
    public static Split of(Window window) {
        int[] examples = IntStream.range(0, window.size())
                .filter(i -> !Double.isNaN(window.target(i)))
                .boxed()
                .sorted(window::compareInTime)
                .mapToInt(Integer::intValue)
                .toArray();
        int[] judges = Arrays.stream(examples).filter(i -> !window.released(i)).toArray();
        int held = (int) Math.ceil(HOLDOUT * judges.length);
        int[] holdout = Arrays.copyOfRange(judges, judges.length - held, judges.length);
        int[] earlier = held == 0
                ? examples
                : Arrays.stream(examples)
                        .filter(i -> window.compareInTime(i, holdout[0]) < 0)
                        .toArray();
        int fit = earlier.length - (int) Math.ceil(VALIDATION * earlier.length);
        return new Split(Arrays.copyOf(earlier, fit), Arrays.copyOfRange(earlier, fit, earlier.length), holdout);
    }

    /** Everything that may be learned from: fit, then validation. */
    public int[] seen() {
        return IntStream.concat(Arrays.stream(fit), Arrays.stream(validation)).toArray();
    }
}
