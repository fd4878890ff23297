package io.winnow.app.backtest;

import io.winnow.app.backtest.History.Judged;
import io.winnow.app.backtest.RetrainingBacktest.Arm;
import io.winnow.app.backtest.RetrainingBacktest.Run;
import io.winnow.core.backtest.DetectionBacktest;
import io.winnow.core.contract.Contract;
import io.winnow.core.model.ModelCard;
import io.winnow.trainer.evaluation.Bootstrap;
import io.winnow.trainer.evaluation.Contender;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a backtest of retraining found, in the stream's metric.
 *
 * @param rows decodable ones
 * @param quarantined of these
 * @param published models that passed the gate
 * @param champion over all rows; null where no model ever passed
 * @param championCleanOnly the same over the rows that hygiene let pass
 * @param withoutHygiene the same learner on everything; null where nothing was corrupted
 * @param oracle the same learner on everything that was not corrupted; null where nothing was
 * @param recovery the share of the damage that hygiene undid; null where the damage is within noise, or none was done
 */
public record RetrainingResult(
        Path file,
        int rows,
        int quarantined,
        int published,
        String metric,
        @Nullable Double champion,
        @Nullable Double championCleanOnly,
        double noChange,
        double linear,
        double forest,
        double first,
        @Nullable Double withoutHygiene,
        @Nullable Double oracle,
        @Nullable Double recovery) {
    private static final int SEEDS = 5;

    /**
     * Runs over one file.
     *
     * @param corrupt the share of rows that faults are put into; 0 for none
     * @param scratch an existing directory for files that live as long as one training
     * @throws IOException if the file or the scratch directory cannot be used
     */
    public static RetrainingResult of(
            Path file, Contract contract, double corrupt, Path scratch, long seed, Consumer<String> progress)
            throws IOException {
        if (corrupt == 0) {
            RetrainingBacktest backtest = new RetrainingBacktest(contract, scratch, progress);
            History history = History.of(file, contract, new FileFaults(contract, 0, seed));
            Run run = backtest.run(
                    history, Arm.HYGIENE, EnumSet.of(Contender.LINEAR, Contender.FOREST, Contender.STATIC), seed);
            return result(file, contract, history, run, null);
        }
        List<RetrainingResult> results = new ArrayList<>();
        SplittableRandom seeds = new SplittableRandom(seed);
        for (int i = 1; i <= SEEDS; i++) {
            long one = seeds.nextLong();
            History history = History.of(file, contract, new FileFaults(contract, corrupt, one));
            List<Run> runs = new ArrayList<>();
            for (Arm arm : Arm.values()) {
                String where = "seed " + i + " of " + SEEDS + ", " + arm.name().toLowerCase(java.util.Locale.ROOT);
                RetrainingBacktest backtest =
                        new RetrainingBacktest(contract, scratch, text -> progress.accept(where + ": " + text));
                // The same rivals at the gate in all three; the first model is for the report.
                EnumSet<Contender> contenders = EnumSet.of(Contender.LINEAR, Contender.FOREST);
                if (arm == Arm.HYGIENE) {
                    contenders.add(Contender.STATIC);
                }
                runs.add(backtest.run(history, arm, contenders, one));
            }
            results.add(result(file, contract, history, runs.get(0), runs));
        }
        return median(results);
    }

    private static RetrainingResult result(
            Path file, Contract contract, History history, Run run, @Nullable List<Run> arms) {
        boolean regression = contract.target().orElseThrow().isRegression();
        BitSet judged = rows(history, row -> !row.corrupted());
        BitSet clean = rows(history, row -> !row.corrupted() && row.clean());
        ToDoubleFunction<Double> metric = cost -> regression ? cost : 1 - cost;
        Double without = null;
        Double oracle = null;
        Double recovery = null;
        if (arms != null) {
            Run raw = arms.get(Arm.NO_HYGIENE.ordinal());
            Run best = arms.get(Arm.ORACLE.ordinal());
            double damaged = raw.mean(Contender.CHAMPION, judged);
            double ideal = best.mean(Contender.CHAMPION, judged);
            without = metric.applyAsDouble(damaged);
            oracle = metric.applyAsDouble(ideal);
            double damage = damaged - ideal;
            recovery = damage < 2 * error(raw, best, judged)
                    ? null
                    : (Double) ((damaged - run.mean(Contender.CHAMPION, judged)) / damage);
        }
        boolean published = run.published() > 0;
        return new RetrainingResult(
                file,
                history.rows().size(),
                (int) history.rows().stream().filter(r -> !r.clean()).count(),
                run.published(),
                regression ? ModelCard.MAE : ModelCard.ACCURACY,
                published ? metric.applyAsDouble(run.mean(Contender.CHAMPION, judged)) : null,
                published ? metric.applyAsDouble(run.mean(Contender.CHAMPION, clean)) : null,
                metric.applyAsDouble(run.mean(Contender.NO_CHANGE, judged)),
                metric.applyAsDouble(run.mean(Contender.LINEAR, judged)),
                metric.applyAsDouble(run.mean(Contender.FOREST, judged)),
                metric.applyAsDouble(run.mean(Contender.STATIC, judged)),
                without,
                oracle,
                recovery);
    }

    private static BitSet rows(History history, Predicate<Judged> which) {
        BitSet rows = new BitSet();
        history.rows().stream()
                .skip(DetectionBacktest.WARM_UP)
                .filter(which)
                .forEach(row -> rows.set((int) row.number()));
        return rows;
    }

    /** The standard error of the difference of two means over the rows. */
    private static double error(Run one, Run other, BitSet rows) {
        double[] a = one.costs().getOrDefault(Contender.CHAMPION, new double[0]);
        double[] b = other.costs().getOrDefault(Contender.CHAMPION, new double[0]);
        double[] gains = rows.stream()
                .filter(i -> i < a.length && i < b.length && !Double.isNaN(a[i]) && !Double.isNaN(b[i]))
                .mapToDouble(i -> a[i] - b[i])
                .toArray();
        return Bootstrap.standardError(gains, gains.length);
    }

    /** Each figure's median over the seeds. */
    private static RetrainingResult median(List<RetrainingResult> results) {
        RetrainingResult first = results.get(0);
        return new RetrainingResult(
                first.file,
                (int) middle(results, r -> r.rows),
                (int) middle(results, r -> r.quarantined),
                (int) middle(results, r -> r.published),
                first.metric,
                known(results, r -> r.champion),
                known(results, r -> r.championCleanOnly),
                middle(results, r -> r.noChange),
                middle(results, r -> r.linear),
                middle(results, r -> r.forest),
                middle(results, r -> r.first),
                known(results, r -> r.withoutHygiene),
                known(results, r -> r.oracle),
                known(results, r -> r.recovery));
    }

    private static double middle(List<RetrainingResult> results, ToDoubleFunction<RetrainingResult> figure) {
        double[] sorted = results.stream().mapToDouble(figure).sorted().toArray();
        return sorted[sorted.length / 2];
    }

    /** The median of what is known; null where most seeds have none. */
    private static @Nullable Double known(
            List<RetrainingResult> results, java.util.function.Function<RetrainingResult, @Nullable Double> figure) {
        List<Double> known = new ArrayList<>();
        for (RetrainingResult result : results) {
            Double value = figure.apply(result);
            if (value != null) {
                known.add(value);
            }
        }
        known.sort(null);
        return 2 * known.size() <= results.size() ? null : known.get(known.size() / 2);
    }
}
