package io.winnow.trainer.search;

import java.util.Arrays;
import java.util.function.ToDoubleFunction;
import org.hipparchus.exception.MathIllegalStateException;
import org.hipparchus.optim.InitialGuess;
import org.hipparchus.optim.MaxEval;
import org.hipparchus.optim.SimpleBounds;
import org.hipparchus.optim.nonlinear.scalar.GoalType;
import org.hipparchus.optim.nonlinear.scalar.ObjectiveFunction;
import org.hipparchus.optim.nonlinear.scalar.noderiv.CMAESOptimizer;
import org.hipparchus.random.Well19937c;

/**
 * CMA-ES (Hansen 2016) in the unit cube, started again from its best with twice the population whenever it converges
 * (Auger and Hansen 2005). It ends when the objective throws.
 */
final class Evolution {
    /** A fifth of each range: near enough to use what halving found, wide enough to leave it. */
    private static final double STEP = 0.2;

    private static final int GENERATIONS = 1_000;
    private static final int LARGEST_DOUBLING = 5;

    private final ToDoubleFunction<double[]> objective;
    private double[] best;
    private double least = Double.POSITIVE_INFINITY;
    private double worst;

    private Evolution(double[] start, ToDoubleFunction<double[]> objective) {
        this.best = start.clone();
        this.objective = objective;
    }

    /** Runs from this point until the objective throws. */
    static void run(double[] start, long seed, ToDoubleFunction<double[]> objective) {
        Evolution evolution = new Evolution(start, objective);
        Well19937c random = new Well19937c(seed);
        int population = 4 + (int) (3 * Math.log(start.length));
        for (int restart = 0; ; restart++) {
            evolution.converge(population << Math.min(restart, LARGEST_DOUBLING), random);
        }
    }

    private void converge(int population, Well19937c random) {
        int n = best.length;
        double[] zeros = new double[n];
        double[] ones = new double[n];
        double[] steps = new double[n];
        Arrays.fill(ones, 1);
        Arrays.fill(steps, STEP);
        try {
            new CMAESOptimizer(GENERATIONS, Double.NEGATIVE_INFINITY, true, 0, 1, random, false, null)
                    .optimize(
                            new MaxEval(GENERATIONS * population),
                            new ObjectiveFunction(this::loss),
                            GoalType.MINIMIZE,
                            new InitialGuess(best.clone()),
                            new SimpleBounds(zeros, ones),
                            new CMAESOptimizer.Sigma(steps),
                            new CMAESOptimizer.PopulationSize(population));
        } catch (MathIllegalStateException e) {
            // Out of evaluations without converging: as good a moment to start again.
            return;
        }
    }

    private double loss(double[] point) {
        double loss = objective.applyAsDouble(point);
        if (loss < least) {
            least = loss;
            best = point.clone();
        }
        if (Double.isFinite(loss)) {
            worst = Math.max(worst, loss);
            return loss;
        }
        // The optimizer subtracts losses: worse than all so far will do.
        return worst + Math.abs(worst) + 1;
    }
}
