package io.winnow.trainer.search;

import io.winnow.trainer.learn.Hyperparameters;
import java.util.List;

/**
 * What came of a search.
 *
 * @param metric accuracy or mae, of the holdout figures; validation figures are losses
 * @param change whether the models answer by change from the last value
 * @param attempts all that were tried
 * @param standard the hyperparameters that the search started from
 * @param winner the best on the validation rows; the standard where nothing was better there
 * @param noChange the metric of "the same as last time" on the holdout
 * @param better whether the winner is better than the standard on the holdout by more than noise
 * @param sentence the same for a person
 * @param rows of the window
 * @param holdoutRows rows that were judged by
 */
public record Tuned(
        String metric,
        boolean change,
        List<Attempt> attempts,
        Candidate standard,
        Candidate winner,
        double noChange,
        boolean better,
        String sentence,
        int rows,
        int holdoutRows) {
    public Tuned {
        attempts = List.copyOf(attempts);
    }

    /**
     * One that was judged.
     *
     * @param hyper what it was learned with
     * @param validation its loss on the validation rows, by which it was chosen
     * @param holdout its metric on the holdout, which chose nothing
     */
    public record Candidate(Hyperparameters hyper, double validation, double holdout) {}
}
