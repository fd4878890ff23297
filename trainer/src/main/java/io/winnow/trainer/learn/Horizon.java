package io.winnow.trainer.learn;

import io.winnow.trainer.window.Split;
import io.winnow.trainer.window.Window;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * How far a model knows its stream: what lies beyond cannot have helped it.
 *
 * @param learned event time of the newest row that its weights come from, in epoch milliseconds
 * @param chosen event time of the newest row that it was chosen, stopped or scaled by besides
 * @param labelled Kafka timestamp of the newest label that came later than its row, of all these; −1 if there is none
 */
public record Horizon(long learned, long chosen, long labelled) {
    /** Of a model of which that cannot be told. */
    public static final Horizon UNKNOWN = new Horizon(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);

    private static final long NONE = -1;

    /** Of a model that learned from some rows of a window and was chosen by others. */
    static Horizon of(Window window, int[] fit, int[] validation) {
        long learned = newest(window, fit);
        return new Horizon(
                learned,
                Math.max(learned, newest(window, validation)),
                IntStream.concat(Arrays.stream(fit), Arrays.stream(validation))
                        .filter(window::isLate)
                        .mapToLong(window::labelled)
                        .max()
                        .orElse(NONE));
    }

    private static long newest(Window window, int[] rows) {
        return Arrays.stream(rows).mapToLong(window::eventTime).max().orElse(Long.MIN_VALUE);
    }

    /** Of a model that goes on from one that knew this. */
    Horizon and(Horizon other) {
        return new Horizon(
                Math.max(learned, other.learned), Math.max(chosen, other.chosen), Math.max(labelled, other.labelled));
    }

    /**
     * Whether its weights know none of the rows that choose in this split, and nothing of it knows any that judge, nor a
     * label that came when these had begun.
     */
    public boolean isBefore(Window window, Split split) {
        return split.validation().length > 0
                && split.holdout().length > 0
                && learned < window.eventTime(split.validation()[0])
                && chosen < window.eventTime(split.holdout()[0])
                && labelled < window.timestamp(split.holdout()[0]);
    }
}
