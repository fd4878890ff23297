package io.winnow.trainer;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.winnow.core.model.ModelCard;
import io.winnow.trainer.evaluation.Outcome;
import io.winnow.trainer.evaluation.Outcome.Scores;
import io.winnow.trainer.learn.EpochWatcher.Epoch;
import io.winnow.trainer.live.Course;
import io.winnow.trainer.window.LiveWindow.Labelling;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleSupplier;

/** The trainer's figures, as Prometheus reads them. */
final class TrainerMetrics implements AutoCloseable {
    /** Weight of the newest row in a live figure. */
    private static final double LIVE_SHARE = 1 / 500.0;

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final Tags stream;
    private final Map<Outcome.Reason, Counter> rejected = new EnumMap<>(Outcome.Reason.class);
    private final Map<String, Double> holdout = new ConcurrentHashMap<>();
    private final Map<String, Double> live = new ConcurrentHashMap<>();
    final Counter rows;
    final Counter undecodable;
    final Counter trainings;
    final Counter published;
    final Counter corrupt;
    final Timer seconds;
    final AtomicLong windowRows;
    final AtomicLong lag;
    /** 1 while nothing is unread, due or under way. */
    final AtomicLong idle;
    /** 1 while the champion is pinned. */
    final AtomicLong pinned;

    final Counter updates;
    /** 1 while a baseline is better than the champion on the newest rows. */
    final AtomicLong updatesHeld;

    private final AtomicLong joined;
    private final AtomicLong late;
    private final AtomicLong unmatched;
    private final AtomicLong bad;
    private final AtomicLong missed;
    private final AtomicLong awaited;
    private final InstantSource clock;
    private final MultiGauge champion;
    private final MultiGauge age;
    private volatile double loss = Double.NaN;
    private volatile double rate = Double.NaN;

    TrainerMetrics(String streamName, InstantSource clock) {
        this.clock = clock;
        stream = Tags.of("stream", streamName);
        rows = counter("winnow.trainer.rows", "Clean rows read");
        undecodable = counter("winnow.trainer.undecodable", "Clean records left out because they break the contract");
        trainings = counter("winnow.trainer.trainings", "Trainings begun");
        published = counter("winnow.trainer.published", "Models published");
        corrupt = counter("winnow.trainer.corrupt", "Champions refused because their files are damaged");
        seconds = Timer.builder("winnow.trainer.training")
                .description("Time for a training, from window to outcome")
                .tags(stream)
                .register(registry);
        windowRows = gauge("winnow.trainer.window.rows", "Rows in the window that may be learned from now");
        joined = labels("joined");
        late = labels("late");
        unmatched = labels("unmatched");
        bad = labels("bad");
        missed = counted("winnow.trainer.labels.missed", "Rows that no label came for in time", stream);
        awaited = gauge("winnow.trainer.labels.awaited", "Rows that a label may still come for");
        lag = gauge("winnow.trainer.lag.rows", "Offsets of the clean topic not yet read");
        idle = gauge("winnow.trainer.idle", "1 while nothing is unread, due or under way");
        pinned = gauge("winnow.trainer.pinned", "1 while the champion is pinned, so that nothing is trained");
        updates = counter("winnow.trainer.updates", "Times the champion was written with its small updates");
        updatesHeld = gauge(
                "winnow.trainer.updates.held", "1 while small updates are held back because a baseline is better");
        champion = MultiGauge.builder("winnow.trainer.champion.published.seconds")
                .description("When the champion was published, in seconds since 1970")
                .tags(stream)
                .register(registry);
        age = MultiGauge.builder("winnow.trainer.champion.age.seconds")
                .description("Time since the champion was made, with the version that made it")
                .tags(stream)
                .register(registry);
        measured("winnow.trainer.loss", "Training loss of the last epoch", () -> loss);
        measured("winnow.trainer.learning.rate", "Learning rate at the end of the last epoch", () -> rate);
        for (Outcome.Reason reason : Outcome.Reason.values()) {
            rejected.put(
                    reason,
                    Counter.builder("winnow.trainer.rejected")
                            .description("Trainings without a model, by reason")
                            .tags(stream.and("reason", reason.label()))
                            .register(registry));
        }
    }

    String page() {
        return registry.scrape();
    }

    /** The champion in force, by its id; nothing where there is none. */
    void champion(Optional<ModelCard> card) {
        List<MultiGauge.Row<?>> rows = card
                .<MultiGauge.Row<?>>map(c -> MultiGauge.Row.of(
                        Tags.of("model", c.id()), Instant.parse(c.createdAt()).getEpochSecond()))
                .stream()
                .toList();
        champion.register(rows, true);
        List<MultiGauge.Row<?>> ages = card
                .<MultiGauge.Row<?>>map(c -> {
                    Instant made = Instant.parse(c.createdAt());
                    return MultiGauge.Row.of(
                            Tags.of("model", c.id(), "version", c.codeVersion()),
                            () -> Duration.between(made, clock.instant()).toMillis() / 1e3);
                })
                .stream()
                .toList();
        age.register(ages, true);
    }

    /** How an epoch of a training ended. */
    void passed(Epoch epoch) {
        loss = epoch.loss();
        rate = epoch.rate();
    }

    /** Shows what is used of the memory of the GPU that computes. */
    void gpuMemory(DoubleSupplier bytes) {
        measured("winnow.trainer.gpu.memory.bytes", "Memory in use on the GPU, by whomever", bytes);
    }

    private void measured(String name, String description, DoubleSupplier value) {
        Gauge.builder(name, value::getAsDouble)
                .description(description)
                .tags(stream)
                .register(registry);
    }

    void rejected(Outcome.Reason reason) {
        Counter counter = rejected.get(reason);
        if (counter != null) {
            counter.increment();
        }
    }

    /** What a row cost each contender, answered before it was learned. */
    void measured(Course.Measured row) {
        String metric = row.window().columns().target().isRegression() ? ModelCard.MAE : ModelCard.ACCURACY;
        row.costs().forEach((contender, cost) -> {
            String name = contender.name().toLowerCase(Locale.ROOT);
            double share = live.containsKey(name) ? LIVE_SHARE : 1;
            double before = live.getOrDefault(name, 0.0);
            double value = metric.equals(ModelCard.ACCURACY) ? 1 - cost : cost;
            if (live.put(name, before + share * (value - before)) == null) {
                Gauge.builder("winnow.trainer.live", () -> live.getOrDefault(name, Double.NaN))
                        .description("The metric over about the last 500 rows, each answered before it was learned")
                        .tags(stream.and("metric", metric, "contender", name))
                        .register(registry);
            }
        });
    }

    /** What became of labels so far, and how many records were none. */
    void labels(Labelling labelling, long badOnes) {
        joined.set(labelling.joined());
        late.set(labelling.late());
        unmatched.set(labelling.unmatched());
        missed.set(labelling.missed());
        awaited.set(labelling.waiting());
        bad.set(badOnes);
    }

    private AtomicLong labels(String outcome) {
        return counted(
                "winnow.trainer.labels", "Labels that came later than their rows", stream.and("outcome", outcome));
    }

    /** A counter of what somebody else counts. */
    private AtomicLong counted(String name, String description, Tags tags) {
        AtomicLong value = new AtomicLong();
        FunctionCounter.builder(name, value, AtomicLong::get)
                .description(description)
                .tags(tags)
                .register(registry);
        return value;
    }

    /** The last holdout's figures, by contender. */
    void holdout(Scores scores) {
        set(scores.metric(), "model", scores.value());
        set(scores.metric(), "no_change", scores.baselines().noChange());
        set(scores.metric(), "linear", scores.baselines().linear());
        Double forest = scores.baselines().forest();
        set(scores.metric(), "forest", forest == null ? Double.NaN : forest);
        set(scores.metric(), "champion", scores.champion().orElse(Double.NaN));
    }

    private void set(String metric, String contender, double value) {
        if (holdout.put(contender, value) == null) {
            Gauge.builder("winnow.trainer.holdout", () -> holdout.getOrDefault(contender, Double.NaN))
                    .description("The last training's metric on its holdout, by contender")
                    .tags(stream.and("metric", metric, "contender", contender))
                    .register(registry);
        }
    }

    private Counter counter(String name, String description) {
        return Counter.builder(name).description(description).tags(stream).register(registry);
    }

    private AtomicLong gauge(String name, String description) {
        AtomicLong value = new AtomicLong();
        Gauge.builder(name, value, AtomicLong::get)
                .description(description)
                .tags(stream)
                .register(registry);
        return value;
    }

    @Override
    public void close() {
        registry.close();
    }
}
