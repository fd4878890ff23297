package io.winnow.app.backtest;

import io.winnow.app.backtest.History.Judged;
import io.winnow.core.backtest.DetectionBacktest;
import io.winnow.core.contract.Contract;
import io.winnow.trainer.Trigger;
import io.winnow.trainer.evaluation.Contender;
import io.winnow.trainer.evaluation.Outcome;
import io.winnow.trainer.evaluation.Outcome.Passed;
import io.winnow.trainer.learn.Hyperparameters;
import io.winnow.trainer.learn.LiveModel;
import io.winnow.trainer.learn.StoppedException;
import io.winnow.trainer.live.Course;
import io.winnow.trainer.window.CleanRow;
import io.winnow.trainer.window.CleanRow.Standing;
import io.winnow.trainer.window.Window;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hygiene and retraining over a file, with the service's own code: each row is judged, answered by all, then learned; a
 * training comes when the service's trigger says so. Figures are over rows after the first {@link
 * DetectionBacktest#WARM_UP}.
 */
final class RetrainingBacktest {
    private static final Logger LOG = LoggerFactory.getLogger(RetrainingBacktest.class);

    private final Contract contract;
    private final Path scratch;
    private final Consumer<String> progress;

    /**
     * A backtest.
     *
     * @param scratch an existing directory for files that live as long as one training
     * @param progress is told how far it is
     */
    RetrainingBacktest(Contract contract, Path scratch, Consumer<String> progress) {
        this.contract = contract;
        this.scratch = scratch;
        this.progress = progress;
    }

    /** Which rows there are, and what hygiene is thought to have said of them. */
    enum Arm {
        /** As hygiene judged them. */
        HYGIENE,
        /** All of them clean. */
        NO_HYGIENE,
        /** The corrupted ones gone, all others clean. */
        ORACLE
    }

    /**
     * What a run cost.
     *
     * @param costs of each row of the file by contender; not a number where the row has none
     * @param published how many models passed the gate
     */
    record Run(Map<Contender, double[]> costs, int published) {
        /** The mean cost of a contender over these rows. */
        double mean(Contender contender, BitSet rows) {
            double[] all = costs.get(contender);
            return all == null
                    ? Double.NaN
                    : rows.stream()
                            .mapToDouble(i -> all[i])
                            .filter(c -> !Double.isNaN(c))
                            .average()
                            .orElse(Double.NaN);
        }
    }

    /** Runs one arm. */
    Run run(History history, Arm arm, EnumSet<Contender> contenders, long seed) throws IOException {
        Map<Contender, double[]> costs = new EnumMap<>(Contender.class);
        int size = Math.toIntExact(history.records());
        int published = 0;
        Trigger trigger = new Trigger(contract.training());
        SplittableRandom seeds = new SplittableRandom(seed);
        try (Course course =
                new Course(contract, Hyperparameters.DEFAULT, contenders, scratch, () -> false, seeds.nextLong())) {
            Course.Listener listener = row -> row.costs()
                    .forEach((contender, cost) -> costs.computeIfAbsent(contender, c -> unknown(size))[
                            (int) row.window().offset(row.row())] = cost);
            int newRows = 0;
            int trainedRows = 0;
            int done = 0;
            for (Judged row : history.rows()) {
                done++;
                if (arm == Arm.ORACLE && row.corrupted()) {
                    continue;
                }
                Standing standing = arm == Arm.HYGIENE && !row.clean() ? Standing.ASIDE : Standing.ACCEPTED;
                course.add(new CleanRow(0, row.number(), row.number(), row.number(), row.key(), standing, row.row()));
                newRows += standing == Standing.ACCEPTED ? 1 : 0;
                if (course.window().freshRows() < LiveModel.STEP_ROWS
                        && done < history.rows().size()) {
                    continue;
                }
                course.advance(LiveModel.STEP_ROWS, listener);
                progress.accept(String.format(
                        "%,d of %,d rows, %d models", done, history.rows().size(), published));
                if (trigger.due(new Trigger.Situation(
                        course.window().size(),
                        newRows,
                        trainedRows,
                        Duration.ZERO,
                        Duration.ZERO,
                        Duration.ZERO,
                        true,
                        trainedRows > 0,
                        published > 0,
                        course.drifted()))) {
                    Window cut = course.window().cut();
                    Outcome outcome = course.train(cut, seeds.nextLong());
                    if (outcome instanceof Passed passed) {
                        course.crown(passed, Optional.of(passed.challenger().learned()));
                        published++;
                    }
                    LOG.info("{} rows, {}: {}", cut.learnable(), arm, outcome.sentence());
                    trainedRows = cut.learnable();
                    newRows = 0;
                }
            }
        } catch (StoppedException e) {
            throw new IllegalStateException("nobody stops it", e);
        }
        return new Run(costs, published);
    }

    private static double[] unknown(int size) {
        double[] none = new double[size];
        Arrays.fill(none, Double.NaN);
        return none;
    }
}
