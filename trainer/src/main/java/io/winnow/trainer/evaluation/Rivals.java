package io.winnow.trainer.evaluation;

import io.winnow.trainer.window.Window;
import java.util.Optional;

/** What others cost on the same rows, each answered before it was learned. */
@FunctionalInterface
public interface Rivals {
    /** A contender's losses on these rows of the window; empty where it was not asked about all of them. */
    Optional<Losses> of(Contender contender, Window window, int[] rows);

    /** Those of the rows that everyone was asked about, in their order: a busy service leaves some out. */
    default int[] asked(Window window, int[] rows) {
        return rows;
    }
}
