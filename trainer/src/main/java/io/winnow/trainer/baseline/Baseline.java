package io.winnow.trainer.baseline;

import io.winnow.trainer.window.History;
import io.winnow.trainer.window.LiveWindow.Block;

/** A contender that is asked before it learns, row after row. Not thread-safe. */
public interface Baseline {
    /**
     * Its answers for the block's new rows: numbers, or positions in {@code block.window().classes()}, −1 for a class that
     * is not among them.
     */
    double[] answers(Block block, History history);

    /** Learns from the block's accepted and released rows with a target. */
    void learn(Block block, History history);
}
