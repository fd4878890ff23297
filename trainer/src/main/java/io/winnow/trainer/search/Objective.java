package io.winnow.trainer.search;

import io.winnow.trainer.learn.StoppedException;
import java.io.IOException;

/** What is made small. */
@FunctionalInterface
public interface Objective {
    /**
     * The loss at a point.
     *
     * @param number of the attempt, from 0
     * @param point in the unit cube, each coordinate from 0 to 1; not to be changed
     * @param share of the full budget that may be spent, above 0 and at most 1
     * @return less is better; infinite or not a number where nothing came of it
     * @throws StoppedException if it was stopped, by a person or by time: the search ends with what it has
     * @throws IOException if it cannot be found out
     */
    double loss(int number, double[] point, double share) throws IOException, StoppedException;
}
