package io.winnow.trainer.baseline;

import io.winnow.trainer.window.History;
import io.winnow.trainer.window.LiveWindow.Block;

/** The same as last time: the key's last known target; where there is none, a constant. */
public final class NoChange implements Baseline {
    private final Constant otherwise = new Constant();

    @Override
    public double[] answers(Block block, History history) {
        double[] answers = otherwise.answers(block, history);
        for (int i = 0; i < answers.length; i++) {
            double last = history.lastTarget(block.window(), block.rows()[i]);
            answers[i] = Double.isNaN(last) ? answers[i] : last;
        }
        return answers;
    }

    @Override
    public void learn(Block block, History history) {
        otherwise.learn(block, history);
    }
}
