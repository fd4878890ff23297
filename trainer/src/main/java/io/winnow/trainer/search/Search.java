package io.winnow.trainer.search;

import io.winnow.trainer.learn.StoppedException;
import io.winnow.trainer.search.Attempt.Phase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/**
 * Looks for the least loss in the unit cube: random points, successive halving, then an evolution strategy from the best
 * on. The seed decides which points are tried; time and count only decide how many of them.
 */
public final class Search {
    private static final Comparator<Attempt> BEST =
            Comparator.comparingDouble(Attempt::loss).thenComparingInt(Attempt::number);

    private final SearchPlan plan;
    private final long seed;
    private final InstantSource clock;
    private final Objective objective;
    private final Consumer<Attempt> watcher;
    private final List<Attempt> attempts = new ArrayList<>();
    private final Instant deadline;

    /** Time, count or a person ended it. Unchecked, for it comes from inside an optimizer of a library. */
    private static final class Over extends RuntimeException {
        private static final long serialVersionUID = 1;

        Over() {
            super("the search is over", null, false, false);
        }
    }

    private Search(SearchPlan plan, long seed, InstantSource clock, Objective objective, Consumer<Attempt> watcher) {
        this.plan = plan;
        this.seed = seed;
        this.clock = clock;
        this.objective = objective;
        this.watcher = watcher;
        this.deadline = clock.instant().plus(plan.time());
    }

    /**
     * Searches.
     *
     * @param given points to try first, which go through all rungs whatever comes of them; they say how many dimensions
     *     there are, so at least one
     * @param watcher told of each attempt as it ends
     * @return all attempts, in order; empty if it was stopped before the first ended
     * @throws IOException what the objective throws
     */
    public static List<Attempt> run(
            SearchPlan plan,
            long seed,
            InstantSource clock,
            List<double[]> given,
            Objective objective,
            Consumer<Attempt> watcher)
            throws IOException {
        Search search = new Search(plan, seed, clock, objective, watcher);
        try {
            double[] best = search.halve(given);
            Evolution.run(
                    best,
                    new SplittableRandom(seed).split().nextLong(),
                    p -> search.loss(Phase.EVOLUTION, p, 1).loss());
        } catch (Over e) {
            return List.copyOf(search.attempts);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return List.copyOf(search.attempts);
    }

    /** The best on the fullest rung that was reached: a loss there says more than one from a part of the budget. */
    public static Attempt best(List<Attempt> attempts) {
        double most = attempts.stream().mapToDouble(Attempt::share).max().orElseThrow();
        return attempts.stream().filter(a -> a.share() == most).min(BEST).orElseThrow();
    }

    private double[] halve(List<double[]> given) {
        List<double[]> points = new ArrayList<>(spread(given.get(0).length));
        for (int rung = 0; rung < plan.rungs(); rung++) {
            List<Attempt> tried = new ArrayList<>();
            for (double[] point : given) {
                tried.add(loss(Phase.GIVEN, point, plan.share(rung)));
            }
            for (double[] point : points) {
                tried.add(loss(Phase.HALVING, point, plan.share(rung)));
            }
            points = tried.stream()
                    .filter(a -> a.phase() == Phase.HALVING)
                    .sorted(BEST)
                    .limit((points.size() + plan.factor() - 1) / plan.factor())
                    .map(Attempt::point)
                    .toList();
        }
        return best(attempts).point();
    }

    /** A Latin hypercube (McKay et al. 1979): each coordinate's range is covered evenly, whatever the number of points. */
    private List<double[]> spread(int dimensions) {
        SplittableRandom random = new SplittableRandom(seed);
        double[][] points = new double[plan.start()][dimensions];
        for (int d = 0; d < dimensions; d++) {
            int[] order = new int[points.length];
            for (int i = 0; i < order.length; i++) {
                int j = random.nextInt(i + 1);
                order[i] = order[j];
                order[j] = i;
            }
            for (int i = 0; i < order.length; i++) {
                points[i][d] = (order[i] + random.nextDouble()) / order.length;
            }
        }
        return Arrays.asList(points);
    }

    private Attempt loss(Phase phase, double[] point, double share) {
        if (attempts.size() == plan.attempts() || !clock.instant().isBefore(deadline)) {
            throw new Over();
        }
        try {
            double loss = objective.loss(attempts.size(), point.clone(), share);
            Attempt attempt = new Attempt(
                    attempts.size(), phase, point.clone(), share, Double.isNaN(loss) ? Double.POSITIVE_INFINITY : loss);
            attempts.add(attempt);
            watcher.accept(attempt);
            return attempt;
        } catch (StoppedException e) {
            throw new Over();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
