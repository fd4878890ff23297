package io.winnow.trainer.evaluation;

import io.winnow.trainer.archive.TorchArchive;
import io.winnow.trainer.learn.Learner.Learned;
import io.winnow.trainer.learn.LiveModel;

/**
 * A new model that has run over the holdout as if it had been live, and so has come to know the newest rows.
 *
 * @param learned what it was before that: it never saw the holdout
 * @param live what it is now; whoever holds the challenger closes it
 * @param holdout the window's rows that it ran over, in order of time
 * @param losses what each row of the holdout cost, answered before it was learned
 * @param warm whether it went on from where another model had ended
 */
public record Challenger(Learned learned, LiveModel live, int[] holdout, Losses losses, boolean warm)
        implements AutoCloseable {
    /** The archive to publish: as it is now. */
    public TorchArchive archive() {
        return live.archive();
    }

    @Override
    public void close() {
        live.close();
    }

    /**
     * What some of the holdout's rows cost.
     *
     * @param some of {@link #holdout}, in its order
     */
    Losses losses(int[] some) {
        double[] chosen = new double[some.length];
        int at = 0;
        for (int i = 0; i < holdout.length && at < some.length; i++) {
            if (holdout[i] == some[at]) {
                chosen[at++] = losses.perRow()[i];
            }
        }
        return new Losses(chosen);
    }
}
