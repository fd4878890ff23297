package io.winnow.trainer.evaluation;

import io.winnow.trainer.learn.LiveModel;
import io.winnow.trainer.learn.StoppedException;
import io.winnow.trainer.window.CleanRow.Standing;
import io.winnow.trainer.window.History;
import io.winnow.trainer.window.LiveWindow.Block;
import io.winnow.trainer.window.Split;
import io.winnow.trainer.window.Window;
import java.util.Arrays;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.BooleanSupplier;

/**
 * Runs a model over a holdout in order of time as if it had been live: each row is answered before it is learned, and
 * learned no sooner than its label was there.
 */
final class Replay {
    private final LiveModel live;
    private final Window window;
    private final History history;
    /** Answered, or older than the holdout, and not learned: their labels came later. The first to be known first. */
    private final PriorityQueue<Integer> waiting;

    Replay(LiveModel live, Window window, History history) {
        this.live = live;
        this.window = window;
        this.history = history;
        this.waiting = new PriorityQueue<>(
                Comparator.<Integer>comparingLong(window::labelled).thenComparing(window::compareInTime));
    }

    /**
     * What each row of the holdout cost. Blocks end where the model takes a step, so that quarantined rows in between
     * change nothing.
     */
    Losses over(Split split, BooleanSupplier stopped) throws StoppedException {
        int[] holdout = split.holdout();
        Arrays.stream(split.delayed()).forEach(waiting::add);
        double[] costs = new double[holdout.length];
        int from = 0;
        while (from < holdout.length) {
            if (stopped.getAsBoolean()) {
                throw new StoppedException();
            }
            int to = from;
            for (int learned = 0; to < holdout.length && learned < LiveModel.STEP_ROWS; to++) {
                learned += window.standing(holdout[to]) == Standing.ASIDE ? 0 : 1;
            }
            learnUntil(window.timestamp(holdout[from]));
            answer(Arrays.copyOfRange(holdout, from, to), costs, from);
            from = to;
        }
        learnUntil(Long.MAX_VALUE);
        return new Losses(costs);
    }

    private void answer(int[] rows, double[] costs, int at) {
        LiveModel.Answered answered = live.answer(new Block(window, rows), history);
        double[] answers = answered.answers();
        for (int i = 0; i < rows.length; i++) {
            costs[at + i] = Losses.cost(window, rows[i], answers[i]);
        }
        int[] known = Arrays.stream(rows).filter(row -> !window.isLate(row)).toArray();
        if (known.length == rows.length) {
            answered.learn();
            return;
        }
        learn(known);
        Arrays.stream(rows).filter(window::isLate).forEach(waiting::add);
    }

    /** Learns what was known before this time. */
    private void learnUntil(long time) {
        while (!waiting.isEmpty() && window.labelled(waiting.element()) < time) {
            int[] rows = new int[LiveModel.STEP_ROWS];
            int count = 0;
            while (count < rows.length && !waiting.isEmpty() && window.labelled(waiting.element()) < time) {
                rows[count++] = waiting.remove();
            }
            learn(Arrays.copyOf(rows, count));
        }
    }

    private void learn(int[] rows) {
        if (rows.length > 0) {
            // Made again: the model's inputs are what they were when it was asked.
            live.answer(new Block(window, rows), history).learn();
        }
    }
}
