package io.winnow.trainer.search;

import java.time.Duration;

/**
 * How a search spends what it has. Successive halving (Jamieson and Talwalkar 2016) starts {@code start} points on the
 * lowest rung; the best of each rung, one in {@code factor}, go on to the next with {@code factor} times the budget, up
 * to the full one. What is left goes to the evolution strategy, on the full budget.
 *
 * @param start points drawn at random
 * @param rungs of halving, the last with the full budget
 * @param factor between rungs
 * @param attempts at most, on all rungs together
 * @param time at most; an attempt that is running then is given up
 */
public record SearchPlan(int start, int rungs, int factor, int attempts, Duration time) {
    /** 27 points on 3 rungs of 3, so 9, 3 and 1 full budgets' worth of rows each round; 500 attempts in all. */
    public static final SearchPlan DEFAULT = new SearchPlan(27, 3, 3, 500, Duration.ofMinutes(10));

    public SearchPlan {
        if (start < 1 || rungs < 1 || factor < 2 || attempts < 1 || time.isNegative() || time.isZero()) {
            throw new IllegalArgumentException(
                    "a search needs points, rungs, a factor of 2 or more, attempts and time");
        }
    }

    /** The same within another time. */
    public SearchPlan within(Duration other) {
        return new SearchPlan(start, rungs, factor, attempts, other);
    }

    /** The same with another count of attempts. */
    public SearchPlan upTo(int most) {
        return new SearchPlan(start, rungs, factor, most, time);
    }

    /** Of the full budget, on this rung from 0. */
    double share(int rung) {
        return Math.pow(factor, rung + 1.0 - rungs);
    }
}
