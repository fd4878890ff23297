package io.winnow.trainer.evaluation;

import io.winnow.core.model.Baselines;
import io.winnow.core.model.Slices;
import java.util.Optional;

/** What came of a training. */
public sealed interface Outcome {

    /** One sentence for a person. */
    String sentence();

    /** What was measured on the holdout, if it came to that. */
    Optional<Scores> scores();

    /**
     * A model that passed the gate.
     *
     * @param challenger the model; whoever takes it closes it
     * @param measured on the holdout
     */
    record Passed(Challenger challenger, Scores measured, String sentence) implements Outcome {
        @Override
        public Optional<Scores> scores() {
            return Optional.of(measured);
        }
    }

    /**
     * A model that was better than every rival, but not by more than noise: more rows may tell.
     *
     * @param challenger the model; whoever takes it closes it
     * @param measured on the holdout
     * @param reason why it did not pass yet
     */
    record Promising(Challenger challenger, Scores measured, Reason reason, String sentence) implements Outcome {
        @Override
        public Optional<Scores> scores() {
            return Optional.of(measured);
        }
    }

    /**
     * No model.
     *
     * @param reason for the metric
     */
    record Rejected(Reason reason, Optional<Scores> scores, String sentence) implements Outcome {}

    /**
     * What was measured on the holdout.
     *
     * @param metric accuracy or mae
     * @param value the new model's
     * @param champion the champion's, if there was one that could be compared
     * @param rows of the holdout
     * @param slices the same on parts of it
     */
    record Scores(
            String metric, double value, Baselines baselines, Optional<Double> champion, int rows, Slices slices) {}

    /** Why there is no model. */
    enum Reason {
        /** Fewer rows with a target than the contract's minimum. */
        TOO_FEW_ROWS,
        /** Rows of the holdout came before the baselines were there. */
        NOT_MEASURED,
        /** A constant target, one class, or a loss that is no number. */
        NOTHING_TO_LEARN,
        /** Not better than the key's last target. */
        NO_CHANGE,
        /** Not better than always the same answer. */
        CONSTANT,
        /** Not better than a linear model. */
        LINEAR,
        /** Not better than a random forest. */
        FOREST,
        /** Not better than the champion. */
        CHAMPION,
        /** Something broke; the log says what. */
        FAILED;

        /** The reason where this contender was not beaten. */
        static Reason of(Contender contender) {
            return switch (contender) {
                case NO_CHANGE -> NO_CHANGE;
                case CONSTANT -> CONSTANT;
                case LINEAR -> LINEAR;
                case FOREST -> FOREST;
                case CHAMPION, STATIC, SHADOW -> CHAMPION;
            };
        }

        /** The metric's label. */
        public String label() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }
}
