package io.winnow.trainer.evaluation;

import io.winnow.trainer.archive.Archives;
import io.winnow.trainer.archive.TorchArchive;
import io.winnow.trainer.learn.Learner.Learned;
import io.winnow.trainer.learn.LiveModel;

/**
 * A new model that has run over the holdout as if it had been live, and so has come to know the newest rows.
 *
 * @param learned what it was before that: it never saw the holdout
 * @param live what it is now; whoever holds the challenger closes it
 * @param losses what each row of the holdout cost, answered before it was learned
 */
public record Challenger(Learned learned, LiveModel live, Losses losses) implements AutoCloseable {
    /** The archive to publish: as it is now. */
    public TorchArchive archive() {
        return Archives.published(learned.recipe().spec(), learned.recipe().scaling(), live.state());
    }

    @Override
    public void close() {
        live.close();
    }
}
