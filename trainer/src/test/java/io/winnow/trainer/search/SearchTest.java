package io.winnow.trainer.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.winnow.trainer.learn.StoppedException;
import io.winnow.trainer.search.Attempt.Phase;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SearchTest {
    private static final InstantSource STANDSTILL = InstantSource.fixed(Instant.EPOCH);
    private static final double[] MIDDLE = {0.5, 0.5, 0.5, 0.5, 0.5};
    private static final SearchPlan PLAN = new SearchPlan(27, 3, 3, 150, Duration.ofDays(1));

    /** Functions of known minimum, 0. */
    private static final Map<String, ToDoubleFunction<double[]>> FUNCTIONS = Map.of(
            "sphere", p -> sum(p, (x, i) -> (x - 0.2 - 0.1 * i) * (x - 0.2 - 0.1 * i)),
            "ellipsoid", p -> sum(p, (x, i) -> Math.pow(20, i) * (x - 0.7) * (x - 0.7)),
            "rosenbrock",
                    p -> {
                        double sum = 0;
                        for (int i = 0; i + 1 < p.length; i++) {
                            double a = 3 * p[i] - 1;
                            double b = 3 * p[i + 1] - 1;
                            sum += 100 * (b - a * a) * (b - a * a) + (1 - a) * (1 - a);
                        }
                        return sum;
                    },
            "bumpy", p -> sum(p, (x, i) -> 4 * (x - 0.3) * (x - 0.3) + 0.1 * (1 - Math.cos(12 * (x - 0.3)))));

    private interface Term {
        double at(double x, int i);
    }

    private static double sum(double[] p, Term term) {
        double sum = 0;
        for (int i = 0; i < p.length; i++) {
            sum += term.at(p[i], i);
        }
        return sum;
    }

    private static List<Attempt> run(SearchPlan plan, long seed, Objective objective) throws IOException {
        return Search.run(plan, seed, STANDSTILL, List.of(MIDDLE), objective, a -> {});
    }

    /** A part of the budget sees the function through noise that its point decides. */
    private static Objective noisy(ToDoubleFunction<double[]> f) {
        return (number, p, share) -> f.applyAsDouble(p) * (1 + (1 - share) * 0.3 * Math.sin(1e4 * p[0]));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sphere", "ellipsoid", "rosenbrock", "bumpy"})
    void findsLessThanRandomPointsOfTheSameCost(String name) throws Exception {
        ToDoubleFunction<double[]> f = FUNCTIONS.get(name);
        List<Double> ratios = new ArrayList<>();
        for (long seed = 0; seed < 15; seed++) {
            List<Attempt> attempts = run(PLAN, seed, noisy(f));
            double cost = attempts.stream().mapToDouble(Attempt::share).sum();
            SplittableRandom random = new SplittableRandom(1_000 + seed);
            double luck = Double.POSITIVE_INFINITY;
            for (int i = 0; i < cost; i++) {
                luck = Math.min(
                        luck, f.applyAsDouble(random.doubles(MIDDLE.length).toArray()));
            }
            Attempt best = Search.best(attempts);
            assertThat(best.loss()).isEqualTo(f.applyAsDouble(best.point()));
            ratios.add(best.loss() / luck);
        }
        ratios.sort(null);
        assertThat(ratios.get(7)).as("median over seeds, of %s", ratios).isLessThan(0.5);
    }

    @Test
    void halvingKeepsTheBestOfItsStart() throws Exception {
        ToDoubleFunction<double[]> f = FUNCTIONS.get("rosenbrock");
        for (long seed = 0; seed < 20; seed++) {
            // What a part of the budget shows is in the right order.
            List<Attempt> attempts = run(PLAN, seed, (number, p, share) -> f.applyAsDouble(p) / share + 1 / share);
            double best = attempts.subList(1, 28).stream()
                    .mapToDouble(a -> f.applyAsDouble(a.point()))
                    .min()
                    .orElseThrow();
            assertThat(attempts.stream()
                            .filter(a -> a.phase() == Phase.HALVING && a.isFull())
                            .mapToDouble(a -> f.applyAsDouble(a.point()))
                            .min())
                    .hasValue(best);
        }
    }

    @Test
    void rungsAreAsThePlanSays() throws Exception {
        List<Attempt> attempts = run(PLAN, 1, noisy(FUNCTIONS.get("sphere")));
        assertThat(attempts.stream()
                        .filter(a -> a.phase() == Phase.HALVING)
                        .collect(Collectors.groupingBy(Attempt::share, Collectors.counting())))
                .isEqualTo(Map.of(1.0 / 9, 27L, 1.0 / 3, 9L, 1.0, 3L));
        assertThat(attempts.stream().filter(a -> a.phase() == Phase.GIVEN))
                .hasSize(3)
                .allSatisfy(a -> assertThat(a.point()).isEqualTo(MIDDLE));
        assertThat(attempts)
                .hasSize(150)
                .allSatisfy(a -> assertThat(Arrays.stream(a.point())).allMatch(x -> x >= 0 && x <= 1));
        assertThat(attempts.stream().filter(a -> a.phase() == Phase.EVOLUTION)).allMatch(Attempt::isFull);
    }

    @Test
    void theSeedDecidesThePoints() throws Exception {
        Objective f = noisy(FUNCTIONS.get("bumpy"));
        List<Attempt> first = run(PLAN, 5, f);
        assertThat(texts(run(PLAN, 5, f))).isEqualTo(texts(first));
        assertThat(texts(run(PLAN, 6, f))).isNotEqualTo(texts(first));
        // Less time or fewer attempts: the same points, as far as it goes.
        SearchPlan shorter = new SearchPlan(27, 3, 3, 60, Duration.ofDays(1));
        assertThat(texts(run(shorter, 5, f))).isEqualTo(texts(first).subList(0, 60));
    }

    private static List<String> texts(List<Attempt> attempts) {
        return attempts.stream()
                .map(a -> a.phase() + Arrays.toString(a.point()) + a.share() + a.loss())
                .toList();
    }

    @Test
    void endsWhenTimeIsUp() throws Exception {
        for (long seconds : LongStream.of(1, 100, 1_000, 100_000).toArray()) {
            Instant[] now = {Instant.EPOCH};
            SearchPlan plan = PLAN.within(Duration.ofSeconds(seconds));
            List<Attempt> attempts = Search.run(
                    plan,
                    3,
                    () -> now[0],
                    List.of(MIDDLE),
                    (number, p, share) -> {
                        now[0] = now[0].plusSeconds(Math.round(90 * share));
                        return p[0];
                    },
                    a -> {});
            // It may be in the middle of an attempt when time is up, never begin one.
            double spent = Duration.between(Instant.EPOCH, now[0]).toSeconds();
            double last = attempts.get(attempts.size() - 1).share() * 90;
            assertThat(spent - last).isLessThan(seconds);
            assertThat(attempts.size() == 150 || spent >= seconds).isTrue();
        }
    }

    @Test
    void anAttemptThatIsStoppedEndsItWithWhatThereIs() throws Exception {
        List<Attempt> attempts = run(PLAN, 1, (number, p, share) -> {
            if (number == 40) {
                throw new StoppedException();
            }
            return p[1];
        });
        assertThat(attempts).hasSize(40);
        assertThat(run(PLAN, 1, (number, p, share) -> {
                    throw new StoppedException();
                }))
                .isEmpty();
    }

    @Test
    void whatBreaksBreaksTheSearch() {
        for (int when : new int[] {3, 70}) {
            assertThatThrownBy(() -> run(PLAN, 1, (number, p, share) -> {
                        if (number == when) {
                            throw new IOException("disk full");
                        }
                        return p[0];
                    }))
                    .isInstanceOf(IOException.class)
                    .hasMessage("disk full");
        }
    }

    @Test
    void pointsWhereNothingCanBeLearnedDoNotWin() throws Exception {
        List<Attempt> attempts = run(
                PLAN,
                2,
                (number, p, share) -> p[0] > 0.4 ? Double.NaN : p[1] > 0.8 ? Double.POSITIVE_INFINITY : 1 - p[0]);
        Attempt best = Search.best(attempts);
        assertThat(attempts).hasSize(150);
        assertThat(best.loss()).isBetween(0.6, 0.65);
    }

    @Test
    void theFullestRungDecides() {
        Attempt cheap = new Attempt(0, Phase.HALVING, MIDDLE, 1.0 / 3, 0.1);
        Attempt full = new Attempt(1, Phase.GIVEN, MIDDLE, 1, 0.2);
        Attempt same = new Attempt(2, Phase.HALVING, MIDDLE, 1, 0.2);
        assertThat(Search.best(List.of(cheap, full, same))).isSameAs(full);
        assertThat(Search.best(List.of(cheap))).isSameAs(cheap);
    }
}
