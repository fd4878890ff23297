package io.winnow.trainer;

import io.winnow.core.contract.Training;
import java.time.Duration;

/**
 * When to train. A pure function of what has happened.
 *
 * @param training the contract's word
 */
public record Trigger(Training training) {
    /** A stream that says nothing for this long may have ended. */
    static final Duration IDLE = Duration.ofSeconds(2);
    /** With this many times the due rows unread, training waits no longer for the reader to catch up. */
    private static final int OVERDUE = 5;

    /**
     * What has happened.
     *
     * @param windowRows rows in the window
     * @param newRows rows since the last training
     * @param trainedRows rows in the window at the last training; 0 before it
     * @param sinceTraining time since the last training ended, or since the start
     * @param training how long that took
     * @param idle time since the last row
     * @param caughtUp whether everything on the topic was read
     * @param trained whether there was a training before
     * @param published whether there is a model
     * @param drifted whether, since the last training, the champion's error has risen by more than chance, or hygiene finds
     *     the rows that it lets pass more surprising than before
     */
    public record Situation(
            int windowRows,
            long newRows,
            int trainedRows,
            Duration sinceTraining,
            Duration training,
            Duration idle,
            boolean caughtUp,
            boolean trained,
            boolean published,
            boolean drifted) {}

    /** How long the trainer rests after a training, so that trainings take no more than their share of time. */
    private Duration rest(Situation now) {
        return Duration.ofMillis((long) (now.training().toMillis() * (1 / training.budget() - 1)));
    }

    /** Whether this many rows are worth a training at all, whoever asks for it. */
    boolean enough(int windowRows) {
        return windowRows >= training.minRows();
    }

    /** Whether to train now. */
    public boolean due(Situation now) {
        return wanted(now) && now.sinceTraining().compareTo(rest(now)) >= 0;
    }

    /** Whether to train as soon as the budget allows it. */
    boolean wanted(Situation now) {
        if (!enough(now.windowRows()) || now.newRows() == 0) {
            return false;
        }
        // A young model is trained again when its rows have grown by half: until then it has seen little.
        long rows = Math.min(
                Math.max(training.everyRows(), training.minRows()),
                Math.max(training.minRows(), now.trainedRows() / 2));
        if (now.newRows() >= rows) {
            // A backlog is read before it is trained on, or each piece of it would be a training of its own; only the
            // first model does not wait.
            return now.caughtUp() || !now.trained() || now.newRows() >= OVERDUE * rows;
        }
        boolean late = now.sinceTraining().compareTo(Duration.ofMinutes(training.everyMinutes())) >= 0;
        boolean drifted = now.drifted() && now.newRows() >= training.minRows();
        boolean ended = !now.published()
                && now.newRows() >= training.minRows()
                && now.idle().compareTo(IDLE) >= 0;
        return now.caughtUp() && (late || drifted || ended);
    }
}
