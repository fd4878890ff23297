package io.winnow.trainer.live;

import io.winnow.core.contract.Contract;
import io.winnow.core.contract.Labels;
import io.winnow.trainer.archive.TorchArchive;
import io.winnow.trainer.baseline.Baseline;
import io.winnow.trainer.baseline.Constant;
import io.winnow.trainer.baseline.Forest;
import io.winnow.trainer.baseline.Linear;
import io.winnow.trainer.baseline.NoChange;
import io.winnow.trainer.baseline.Refitted;
import io.winnow.trainer.evaluation.Contender;
import io.winnow.trainer.evaluation.Losses;
import io.winnow.trainer.evaluation.Outcome;
import io.winnow.trainer.evaluation.Outcome.Passed;
import io.winnow.trainer.evaluation.Outcome.Promising;
import io.winnow.trainer.evaluation.Trial;
import io.winnow.trainer.learn.EpochWatcher;
import io.winnow.trainer.learn.Hyperparameters;
import io.winnow.trainer.learn.Learner.Learned;
import io.winnow.trainer.learn.LiveModel;
import io.winnow.trainer.learn.StoppedException;
import io.winnow.trainer.window.CleanRow;
import io.winnow.trainer.window.History;
import io.winnow.trainer.window.LiveWindow;
import io.winnow.trainer.window.LiveWindow.Block;
import io.winnow.trainer.window.Split;
import io.winnow.trainer.window.Window;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One stream's models over time. Rows come in the order of the stream; each with a target is answered by every contender
 * before anything learns from it (prequential evaluation: Dawid 1984; Gama, Sebastião and Rodrigues 2013), quarantined ones
 * too. Where the target comes later, the answers wait for it. The same code runs in the service and in the backtest. Not
 * thread-safe.
 */
public final class Course implements AutoCloseable {
    /** The forest looks at this many of the newest rows … */
    private static final int FOREST_ROWS = 10_000;
    /** … and the linear model at these. */
    private static final int LINEAR_ROWS = 10_000;

    /** The chance that a look at the champion's errors takes noise for a rise. */
    private static final double FALSE_ALARM = 0.002;
    /** Errors of this many times their mean count as 1: ADWIN wants numbers in 0 … 1. */
    private static final double FULL = 4;

    private static final int SCALE_ROWS = 200;
    /** Rows that are learned together when their labels come. */
    private static final int LABELLED_ROWS = 500;

    private final Hyperparameters hyper;
    private final Path scratch;
    private final Trial trial;
    private final LiveWindow window;
    private final Map<Contender, Baseline> baselines = new EnumMap<>(Contender.class);
    private final Scoreboard scoreboard = new Scoreboard();
    private final Held held = new Held();
    private final Optional<Labels> labels;
    private final Map<Contender, Double> paid = new EnumMap<>(Contender.class);
    private final boolean measureFirst;
    private Adwin errors = new Adwin(FALSE_ALARM);
    private double scale;
    private int watched;
    private boolean drifted;
    private final Shadow shadow = new Shadow(scoreboard);
    private @Nullable LiveModel champion;
    private @Nullable Reign reign;
    /** The champion as it was before its holdout. */
    private @Nullable Learned parent;

    private @Nullable LiveModel first;

    /**
     * A course without a model.
     *
     * @param contenders whom to measure beside the champion
     * @param scratch an existing directory for files that live as long as one training
     * @param stopped asked between native calls; once true, a training ends
     * @param seed of the baselines
     */
    public Course(
            Contract contract,
            Hyperparameters hyper,
            Set<Contender> contenders,
            Path scratch,
            BooleanSupplier stopped,
            long seed) {
        this(contract, hyper, contenders, scratch, stopped, EpochWatcher.NONE, seed);
    }

    /**
     * A course without a model, whose trainings are watched.
     *
     * @param contenders whom to measure beside the champion
     * @param scratch an existing directory for files that live as long as one training
     * @param stopped asked between native calls; once true, a training ends
     * @param watcher told of every pass of a training
     * @param seed of the baselines
     */
    public Course(
            Contract contract,
            Hyperparameters hyper,
            Set<Contender> contenders,
            Path scratch,
            BooleanSupplier stopped,
            EpochWatcher watcher,
            long seed) {
        this.labels = contract.labels();
        this.hyper = hyper;
        this.scratch = scratch;
        this.trial = new Trial(scratch, hyper, stopped, watcher);
        this.window = new LiveWindow(contract);
        baselines.put(Contender.NO_CHANGE, new NoChange());
        baselines.put(Contender.CONSTANT, new Constant());
        if (contenders.contains(Contender.LINEAR)) {
            baselines.put(Contender.LINEAR, new Refitted(new Linear(), contract.derive(), LINEAR_ROWS));
        }
        if (contenders.contains(Contender.FOREST)) {
            baselines.put(Contender.FOREST, new Refitted(new Forest(seed), contract.derive(), FOREST_ROWS));
        }
        this.measureFirst = contenders.contains(Contender.STATIC);
    }

    /** Adds the next row; rows of one partition in order of offset. */
    public void add(CleanRow row) {
        window.add(row);
    }

    /** The rows. */
    public LiveWindow window() {
        return window;
    }

    /**
     * What a row cost.
     *
     * @param window the block's
     * @param row in it
     * @param costs the absolute error, or 1 for a wrong class; by contender
     */
    public record Measured(Window window, int row, Map<Contender, Double> costs) {}

    /** Is told what each row with a target cost, in order. */
    public interface Listener {
        /** A row was answered by all, and is about to be learned. */
        void measured(Measured row);
    }

    /** Answers the next rows that were added, at most this many, measures the answers, then learns. */
    public void advance(int most, Listener listener) {
        Block block = window.block(most);
        History history = new History(block.window());
        Map<Contender, double[]> answers = new LinkedHashMap<>();
        baselines.forEach((contender, baseline) -> answers.put(contender, baseline.answers(block, history)));
        LiveModel.Answered answered = champion == null ? null : champion.answer(block, history);
        Optional<LiveModel.Answered> shadowed = shadow.answer(block, history);
        shadowed.ifPresent(s -> answers.put(Contender.SHADOW, s.answers()));
        double[] stopgap = answers.getOrDefault(leader(), new double[0]);
        answers.put(Contender.CHAMPION, answered == null ? stopgap : answered.answers());
        if (measureFirst) {
            answers.put(
                    Contender.STATIC,
                    first == null ? stopgap : first.answer(block, history).answers());
        }
        for (int i = 0; i < block.rows().length; i++) {
            int row = block.rows()[i];
            if (block.window().standing(row) == CleanRow.Standing.RELEASED) {
                continue;
            }
            Map<Contender, Double> said = new EnumMap<>(Contender.class);
            for (Map.Entry<Contender, double[]> answer : answers.entrySet()) {
                said.put(answer.getKey(), answer.getValue()[i]);
            }
            if (!Double.isNaN(block.window().target(row))) {
                said.replaceAll((contender, answer) -> Losses.cost(block.window(), row, answer));
                measure(new Measured(block.window(), row, said), true, listener);
            } else if (labels.isPresent()) {
                held.keep(block.window(), row, said);
            }
        }
        baselines.values().forEach(baseline -> baseline.learn(block, history));
        if (answered != null) {
            answered.learn();
        }
        shadowed.ifPresent(LiveModel.Answered::learn);
    }

    /**
     * Measures the answers to rows whose label has come since, then learns from them. Rows that nobody was asked about,
     * released ones apart, are passed over.
     */
    public void settle(Listener listener) {
        while (window.labelledRows() > 0) {
            Block block = window.labelled(LABELLED_ROWS);
            Window rows = block.window();
            IntStream.Builder known = IntStream.builder();
            for (int row : block.rows()) {
                Optional<Held.Asked> asked = held.take(rows, row);
                if (Double.isNaN(rows.target(row))) {
                    continue;
                }
                asked.ifPresent(a -> measure(new Measured(rows, row, a.costs()), a.reigning(), listener));
                if (asked.isPresent() || rows.standing(row) == CleanRow.Standing.RELEASED) {
                    known.add(row);
                }
            }
            learn(new Block(rows, known.build().toArray()));
        }
    }

    private void learn(Block block) {
        if (block.rows().length == 0) {
            return;
        }
        History history = new History(block.window());
        baselines.values().forEach(baseline -> baseline.learn(block, history));
        if (champion != null) {
            champion.answer(block, history).learn();
        }
        shadow.answer(block, history).ifPresent(LiveModel.Answered::learn);
    }

    /**
     * Gives up waiting for labels that are due.
     *
     * @param now how far the stream is, in epoch milliseconds by Kafka's timestamps
     */
    public void forget(long now) {
        labels.ifPresent(l -> {
            window.forget(now);
            held.forget(now - l.within().toMillis());
        });
    }

    /** Rows whose answers wait for a label. */
    int held() {
        return held.size();
    }

    private void measure(Measured row, boolean reigning, Listener listener) {
        scoreboard.note(row.window(), row.row(), row.costs());
        row.costs().forEach((contender, cost) -> paid.merge(contender, cost, Double::sum));
        if (reigning && reign != null) {
            reign.note(row.costs());
            watch(row.costs().getOrDefault(Contender.CHAMPION, Double.NaN));
        }
        listener.measured(row);
    }

    /** Who has cost least, of the baselines and the shadow: until there is a champion, nobody would use a worse one. */
    private Contender leader() {
        return paid.keySet().stream()
                .filter(contender -> contender == Contender.SHADOW || baselines.containsKey(contender))
                .min(Comparator.comparingDouble(contender -> paid.getOrDefault(contender, 0.0)))
                .orElse(Contender.NO_CHANGE);
    }

    private void watch(double cost) {
        if (!(cost < Float.MAX_VALUE)) {
            return;
        }
        if (watched < SCALE_ROWS) {
            // Its first errors set the scale.
            scale += FULL * cost / SCALE_ROWS;
            watched++;
        } else {
            drifted |= errors.add(Math.min(1, cost / Math.max(scale, Double.MIN_NORMAL)));
        }
    }

    /** Whether the champion's error has risen by more than chance since the last training. */
    public boolean drifted() {
        return drifted;
    }

    /** Passes over the next rows, at most this many: nobody is asked, and nothing learns from them at once. */
    public void skip(int most) {
        window.skip(most);
    }

    /**
     * Trains a challenger on the window, lets it run over the holdout as if it had been live, and asks the gate. One that
     * passes waits for {@link #crown}, or to be closed; one that is better, but not by more than noise, goes on in shadow.
     *
     * @param cut of {@link #window}
     * @throws IOException if the scratch directory cannot be written
     * @throws StoppedException if it was stopped
     */
    public Outcome train(Window cut, long seed) throws IOException, StoppedException {
        drifted = false;
        Outcome outcome =
                trial.run(cut, scoreboard, champion != null, Optional.ofNullable(parent), seed, this::keepFirst);
        if (!(outcome instanceof Promising promising)) {
            return outcome;
        }
        outcome = shadow.judge(promising, cut, rivals(), seed);
        if (shadow.running()) {
            paid.putIfAbsent(Contender.SHADOW, paid.getOrDefault(leader(), 0.0));
        }
        return outcome;
    }

    /** Whom the gate wants beaten. */
    private Set<Contender> rivals() {
        Set<Contender> rivals = EnumSet.copyOf(baselines.keySet());
        if (champion != null) {
            rivals.add(Contender.CHAMPION);
        }
        return rivals;
    }

    /**
     * Makes a challenger that passed the champion.
     *
     * @param before the same as it was before its holdout, as it was kept: what a training may begin from
     */
    public void crown(Passed passed, Optional<Learned> before) {
        replace(passed.challenger().live());
        parent = before.orElse(null);
    }

    /** The first model ever trained, passed or not, is the one that is never trained again. */
    private void keepFirst(Learned learned, Window cut, History history, Split split) throws IOException {
        if (measureFirst && first == null) {
            first = LiveModel.start(learned, cut, history, split.fit(), hyper, scratch, 0);
        }
    }

    /**
     * Takes over a champion that was published before.
     *
     * @param before the same as it was before its holdout, if that was kept: what a training may begin from
     * @param seed of what it learns from now on
     * @throws IOException if the scratch directory cannot be written
     */
    public void adopt(Learned learned, Optional<Learned> before, long seed) throws IOException {
        Window cut = window.cut();
        replace(LiveModel.start(learned, cut, new History(cut), Split.of(cut).seen(), hyper, scratch, seed));
        parent = before.orElse(null);
    }

    /**
     * The champion as it is now.
     *
     * @param steps small steps since it became champion
     * @param rows rows learned since then
     * @param paid what the newest rows that it answered, 500 at most, cost it and each baseline; empty where it answered none
     * @param archive makes its archive; to be asked before the course goes on
     */
    public record Updated(int steps, int rows, Map<Contender, Losses> paid, Supplier<TorchArchive> archive) {}

    /** The champion with its small updates, if there is one. */
    public Optional<Updated> updated() {
        return Optional.ofNullable(reign).map(Reign::updated);
    }

    /** Goes on without a champion. */
    public void dismiss() {
        replace(null);
    }

    private void replace(@Nullable LiveModel next) {
        held.crowned();
        errors = new Adwin(FALSE_ALARM);
        scale = 0;
        watched = 0;
        drifted = false;
        if (champion != null) {
            champion.close();
        }
        champion = next;
        reign = next == null ? null : new Reign(next);
        parent = null;
        shadow.close();
        paid.remove(Contender.SHADOW);
    }

    @Override
    public void close() {
        replace(null);
        if (first != null) {
            first.close();
            first = null;
        }
    }
}
