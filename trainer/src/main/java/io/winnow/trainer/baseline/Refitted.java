package io.winnow.trainer.baseline;

import io.winnow.core.contract.Derive;
import io.winnow.trainer.window.History;
import io.winnow.trainer.window.LiveWindow.Block;
import io.winnow.trainer.window.Window;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A batch learner over {@link Declared} vectors, refitted now and then on the newest rows, as a cron job would. */
public final class Refitted implements Baseline {
    /** Fits a model. */
    public interface Learner {
        /**
         * A model of these rows.
         *
         * @param rows at least one
         */
        Fitted fit(List<Example> rows, boolean regression);
    }

    /** A fitted model. */
    public interface Fitted {
        /** The number, or the class. */
        Object answer(double[] vector);
    }

    /**
     * A row to learn from.
     *
     * @param vector standardized, none missing
     * @param target a number
     * @param label a class; empty for regression
     */
    public record Example(double[] vector, double target, String label) {}

    /** Rows before the first fit, which also set the scale. */
    private static final int FIRST = 500;
    /** Rows between two fits while there are few; they grow with what is kept. */
    private static final int EVERY = 1_000;

    private final Learner learner;
    private final Derive derive;
    private final int kept;
    private final Constant otherwise = new Constant();
    private final List<double[]> unscaled = new ArrayList<>();
    private final ArrayDeque<Example> newest = new ArrayDeque<>();
    private @Nullable Declared declared;
    private Optional<Fitted> fitted = Optional.empty();
    private boolean scaled;
    private long learned;
    private long due = FIRST;

    /**
     * A baseline.
     *
     * @param kept how many of the newest rows it is fitted on
     */
    public Refitted(Learner learner, Derive derive, int kept) {
        this.learner = learner;
        this.derive = derive;
        this.kept = kept;
    }

    private Declared declared(Window window) {
        Declared d = declared;
        if (d == null) {
            d = new Declared(window, derive);
            declared = d;
        }
        return d;
    }

    @Override
    public double[] answers(Block block, History history) {
        double[] answers = otherwise.answers(block, history);
        if (fitted.isEmpty()) {
            return answers;
        }
        Window window = block.window();
        Declared vectors = declared(window);
        for (int i = 0; i < answers.length; i++) {
            Object answer = fitted.get().answer(vectors.scaled(vectors.raw(window, history, block.rows()[i])));
            answers[i] =
                    answer instanceof Double number ? number : window.classes().indexOf(String.valueOf(answer));
        }
        return answers;
    }

    private Fitted fit(List<Example> rows, boolean regression) {
        String label = rows.get(0).label();
        boolean one = !regression && rows.stream().allMatch(row -> row.label().equals(label));
        return one ? vector -> label : learner.fit(rows, regression);
    }

    @Override
    public void learn(Block block, History history) {
        otherwise.learn(block, history);
        Window window = block.window();
        Declared vectors = declared(window);
        boolean regression = window.columns().target().isRegression();
        for (int row : block.rows()) {
            if (!Constant.learnable(window, row)) {
                continue;
            }
            double[] raw = vectors.raw(window, history, row);
            if (!scaled) {
                unscaled.add(raw);
            }
            double target = window.target(row);
            String label = regression ? "" : window.classes().get((int) target);
            newest.add(new Example(scaled ? vectors.scaled(raw) : raw, target, label));
            if (newest.size() > kept) {
                newest.poll();
            }
            learned++;
        }
        if (learned >= due) {
            if (!scaled) {
                vectors.scale(unscaled);
                List<Example> raw = List.copyOf(newest);
                newest.clear();
                raw.forEach(e -> newest.add(new Example(vectors.scaled(e.vector()), e.target(), e.label())));
                unscaled.clear();
                scaled = true;
            }
            fitted = Optional.of(fit(List.copyOf(newest), regression));
            due = learned + Math.max(EVERY, newest.size() / 4);
        }
    }
}
