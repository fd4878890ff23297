package io.winnow.trainer.baseline;

import io.winnow.trainer.window.CleanRow.Standing;
import io.winnow.trainer.window.History;
import io.winnow.trainer.window.LiveWindow.Block;
import io.winnow.trainer.window.Window;
import java.util.Arrays;

/** Always the same: the median, or the most frequent class, of what was learned. */
public final class Constant implements Baseline {
    private final Targets targets = new Targets();

    @Override
    public double[] answers(Block block, History history) {
        double[] answers = new double[block.rows().length];
        Arrays.fill(answers, targets.constant(block.window()));
        return answers;
    }

    @Override
    public void learn(Block block, History history) {
        for (int row : block.rows()) {
            if (learnable(block.window(), row)) {
                targets.learn(block.window(), row);
            }
        }
    }

    static boolean learnable(Window window, int row) {
        return window.standing(row) != Standing.ASIDE && !Double.isNaN(window.target(row));
    }
}
