package io.winnow.trainer.baseline;

import io.winnow.trainer.window.CleanRow.Standing;
import io.winnow.trainer.window.History;
import io.winnow.trainer.window.LiveWindow.Block;
import io.winnow.trainer.window.Window;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The same as last time: the key's last known target; where there is none, a constant. Where labels may follow, the last
 * known one may lie further back than a block reaches, so that the newest of each key is kept.
 */
public final class NoChange implements Baseline {
    /** Keys whose last label is kept; the one that was needed least lately goes first. */
    private static final int MOST_KEYS = 100_000;

    private final Constant otherwise = new Constant();
    private final Map<Long, Last> lasts = new LinkedHashMap<>(16, 0.75f, true);

    /** A label: the number, or the class. */
    private record Last(long eventTime, double number, String label) {}

    @Override
    public double[] answers(Block block, History history) {
        double[] answers = otherwise.answers(block, history);
        Window window = block.window();
        for (int i = 0; i < answers.length; i++) {
            int row = block.rows()[i];
            double last = history.lastTarget(window, row);
            last = Double.isNaN(last) ? kept(window, row) : last;
            answers[i] = Double.isNaN(last) ? answers[i] : last;
        }
        return answers;
    }

    private double kept(Window window, int row) {
        Last last = lasts.get(window.key(row));
        if (last == null || last.eventTime() >= window.eventTime(row)) {
            return Double.NaN;
        }
        return window.columns().target().isRegression()
                ? last.number()
                : window.classes().indexOf(last.label());
    }

    @Override
    public void learn(Block block, History history) {
        otherwise.learn(block, history);
        Window window = block.window();
        if (window.contract().labels().isEmpty()) {
            return;
        }
        for (int row : block.rows()) {
            if (Constant.learnable(window, row) && window.standing(row) == Standing.ACCEPTED) {
                keep(window, row);
            }
        }
    }

    private void keep(Window window, int row) {
        double target = window.target(row);
        String label =
                window.columns().target().isRegression() ? "" : window.classes().get((int) target);
        lasts.merge(
                window.key(row),
                new Last(window.eventTime(row), target, label),
                (before, now) -> now.eventTime() < before.eventTime() ? before : now);
        if (lasts.size() > MOST_KEYS) {
            lasts.remove(lasts.keySet().iterator().next());
        }
    }
}
