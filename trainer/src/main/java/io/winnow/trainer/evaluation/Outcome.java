package io.winnow.trainer.evaluation;

import io.winnow.core.model.Baselines;
import io.winnow.trainer.archive.TorchArchive;
import io.winnow.trainer.learn.Learner.Learned;
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
     * @param learned the model
     * @param archive its archive
     * @param measured on the holdout
     */
    record Passed(Learned learned, TorchArchive archive, Scores measured, String sentence) implements Outcome {
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
     */
    record Scores(String metric, double value, Baselines baselines, Optional<Double> champion, int rows) {}

    /** Why there is no model. */
    enum Reason {
        /** Fewer rows with a target than the contract's minimum. */
        TOO_FEW_ROWS,
        /** A constant target, one class, or a loss that is no number. */
        NOTHING_TO_LEARN,
        /** Not better than the key's last target. */
        NO_CHANGE,
        /** Not better than always the same answer. */
        CONSTANT,
        /** Not better than a linear model. */
        LINEAR,
        /** Not better than the champion. */
        CHAMPION,
        /** Something broke; the log says what. */
        FAILED;

        /** The metric's label. */
        public String label() {
            return name().toLowerCase(java.util.Locale.ROOT);
        }
    }
}
