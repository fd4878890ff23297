package io.winnow.trainer;

import io.winnow.core.contract.Contract;
import io.winnow.core.model.ChampionHistory;
import io.winnow.core.model.ModelCard;
import io.winnow.core.model.Promotion;
import io.winnow.core.topic.StreamTopics;
import io.winnow.trainer.archive.PublishedArchive;
import io.winnow.trainer.evaluation.Challenger;
import io.winnow.trainer.evaluation.Champion;
import io.winnow.trainer.evaluation.Contender;
import io.winnow.trainer.evaluation.Outcome;
import io.winnow.trainer.evaluation.Outcome.Passed;
import io.winnow.trainer.evaluation.Outcome.Rejected;
import io.winnow.trainer.evaluation.Outcome.Scores;
import io.winnow.trainer.learn.Devices;
import io.winnow.trainer.learn.Horizon;
import io.winnow.trainer.learn.Hyperparameters;
import io.winnow.trainer.learn.Learner.Learned;
import io.winnow.trainer.learn.Recipe;
import io.winnow.trainer.learn.StoppedException;
import io.winnow.trainer.live.Course;
import io.winnow.trainer.pictures.Diagnosis;
import io.winnow.trainer.pictures.Figures;
import io.winnow.trainer.registry.Registry;
import io.winnow.trainer.store.CorruptModelException;
import io.winnow.trainer.store.Draft;
import io.winnow.trainer.store.Machine;
import io.winnow.trainer.store.Manifest;
import io.winnow.trainer.store.ModelStore;
import io.winnow.trainer.store.Origin;
import io.winnow.trainer.window.History;
import io.winnow.trainer.window.LiveWindow;
import io.winnow.trainer.window.Window;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The trainer's one thread: read, train when due, publish what passes. Everything it knows comes from topics and the
 * model store, so that it goes on after any kind of end.
 */
final class TrainerLoop {
    private static final Logger LOG = LoggerFactory.getLogger(TrainerLoop.class);
    private static final String SCRATCH = "scratch";
    private static final Duration POLL = Duration.ofMillis(200);
    /**
     * Further behind than this, rows are only kept: it is the newest that models are judged by, and what answers them comes
     * to know the stream on the way.
     */
    private static final int MEASURED_ROWS = 30_000;
    /** A stream that never rests counts as read with this many rows unread. */
    private static final int NEARLY_ALL = 1_000;
    /** Rows that are answered together. */
    private static final int BLOCK_ROWS = 500;

    private static final Duration NEW_PARTITIONS = Duration.ofSeconds(30);
    /** How times are written in names. */
    static final DateTimeFormatter ID_TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private final TrainerConfig config;
    private final Clients clients;
    private final InstantSource clock;
    private final TrainerMetrics metrics;
    private final Hyperparameters hyper;
    private final BooleanSupplier stopped;
    private final Contract contract;
    private final Registry registry;
    private final Trigger trigger;
    private final LiveWindow window;
    private final TrainingRecord record;
    private final Course course;
    private final LiveArchive live;
    private final AtomicBoolean asked;
    private final Path scratch;
    /** Whom the registry named last; what became of that is {@link #champion}. */
    private Optional<String> named = Optional.empty();

    private Optional<Champion> champion = Optional.empty();
    private long newRows;
    private int trainedRows;
    private boolean trained;
    private Instant lastTraining;
    private Duration lastTook = Duration.ZERO;
    private Instant lastRow;

    TrainerLoop(
            TrainerConfig config,
            Clients clients,
            InstantSource clock,
            TrainerMetrics metrics,
            Hyperparameters hyper,
            AtomicBoolean asked,
            BooleanSupplier stopped)
            throws IOException {
        this.config = config;
        this.clients = clients;
        this.clock = clock;
        this.metrics = metrics;
        this.hyper = hyper;
        this.asked = asked;
        this.stopped = stopped;
        this.contract = config.contract();
        this.registry = new Registry(StreamTopics.of(contract), clients.registry(), clients.producer());
        this.trigger = new Trigger(contract.training());
        this.lastTraining = clock.instant();
        this.lastRow = lastTraining;
        this.scratch = Files.createDirectories(config.djlCache().resolve(SCRATCH));
        this.record = new TrainingRecord(config.runsDir(), hyper, clock);
        this.course = new Course(
                contract,
                hyper,
                EnumSet.of(Contender.LINEAR, Contender.FOREST),
                scratch,
                stopped,
                (epoch, inside) -> {
                    metrics.passed(epoch);
                    record.passed(epoch, inside);
                },
                config.seed());
        this.window = course.window();
        this.live = new LiveArchive(course::updated, clock, metrics);
    }

    /** The stream's models; any thread may ask for what was read of them. */
    Registry registry() {
        return registry;
    }

    /**
     * Runs until stopped.
     *
     * @throws IOException if the model store cannot be used
     * @throws InterruptedException if interrupted
     */
    void run() throws IOException, InterruptedException {
        ModelStore store = new ModelStore(config.modelsDir(), contract.stream());
        if (Devices.chosen().isGpu()) {
            metrics.gpuMemory(Devices::gpuMemoryUsed);
        }
        try (course) {
            try {
                goOn(store);
            } catch (StoppedException | WakeupException e) {
                LOG.info("the trainer stops");
            }
            live.save(store);
        }
    }

    private void goOn(ModelStore store) throws StoppedException, InterruptedException {
        registry.read(stopped);
        if (stopped.getAsBoolean()) {
            // Half of what others decided may name another champion than all of it.
            return;
        }
        follow(store);
        if (champion.isEmpty()) {
            // One may have been retired while no trainer ran.
            reign(store);
        }
        retain(store);
        trained = champion.isPresent();
        JudgedReader reader = new JudgedReader(clients.clean(), contract, window, champion.map(Champion::card));
        while (!stopped.getAsBoolean() && !assigned(reader)) {
            reader.poll(POLL);
        }
        Instant assigned = clock.instant();
        while (!stopped.getAsBoolean()) {
            long lag = read(reader);
            if (Duration.between(assigned, clock.instant()).compareTo(NEW_PARTITIONS) >= 0) {
                assigned(reader);
                assigned = clock.instant();
            }
            registry.poll();
            follow(store);
            live.look(store);
            Trigger.Situation now = situation(reader, lag);
            boolean free = !registry.roster().history().pinned();
            boolean due = free && (trigger.due(now) || asked.getAndSet(false) && trigger.enough(window.learnable()));
            metrics.idle.set(lag == 0 && !due && !(free && trigger.wanted(now)) ? 1 : 0);
            if (due) {
                train(store, reader);
            }
        }
    }

    private boolean assigned(JudgedReader reader) {
        try {
            return reader.assign();
        } catch (WakeupException e) {
            throw e;
        } catch (KafkaException e) {
            LOG.warn("the partitions of the stream's topics cannot be listed, trying again: {}", e.getMessage());
            return false;
        }
    }

    /** Reads and measures what is there; how many offsets it is behind. */
    private long read(JudgedReader reader) {
        JudgedReader.Polled polled = reader.poll(POLL);
        if (polled.rows() > 0) {
            lastRow = clock.instant();
        }
        newRows += polled.fresh();
        metrics.rows.increment(polled.rows());
        metrics.undecodable.increment(polled.undecodable());
        metrics.windowRows.set(window.learnable());
        long lag = reader.lag();
        metrics.lag.set(lag);
        boolean farBehind = reader.rowLag() > MEASURED_ROWS;
        while (window.freshRows() > 0 && !stopped.getAsBoolean()) {
            if (farBehind) {
                course.skip(window.freshRows());
            } else {
                course.advance(BLOCK_ROWS, metrics::measured);
            }
        }
        // After the rows that came meanwhile: whoever answers them must not have learned these.
        course.settle(metrics::measured);
        course.forget(Math.min(reader.time(), clock.millis()));
        metrics.labels(window.labelling(), reader.badLabels());
        return lag;
    }

    private Trigger.Situation situation(JudgedReader reader, long lag) {
        Instant now = clock.instant();
        return new Trigger.Situation(
                window.learnable(),
                newRows,
                trainedRows,
                Duration.between(lastTraining, now),
                lastTook,
                Duration.between(lastRow, now),
                lag <= NEARLY_ALL,
                trained || lag > MEASURED_ROWS,
                champion.isPresent(),
                course.drifted() || reader.diverged());
    }

    private Optional<Champion> verified(ModelStore store, String id) {
        try {
            Champion found = store.load(id);
            LOG.info(
                    "champion {} ({} {})",
                    id,
                    found.card().metric(),
                    found.card().value());
            return Optional.of(found);
        } catch (CorruptModelException e) {
            metrics.corrupt.increment();
            LOG.error("champion {} is refused: {}; going on without it", id, e.getMessage());
            return Optional.empty();
        }
    }

    /** Takes over what others have decided: a champion may be rolled back, retired or promoted by hand at any time. */
    private void follow(ModelStore store) {
        ChampionHistory history = registry.roster().history();
        metrics.pinned.set(history.pinned() ? 1 : 0);
        if (!history.champion().equals(named)) {
            named = history.champion();
            champion = named.flatMap(id -> verified(store, id));
            adopt(store);
            reign(store);
        }
    }

    /** Says who is champion now. */
    private void reign(ModelStore store) {
        Optional<ModelCard> card = champion.map(Champion::card);
        metrics.champion(card);
        live.begin(store, card);
    }

    private void adopt(ModelStore store) {
        course.dismiss();
        if (champion.isEmpty()) {
            return;
        }
        Champion adopted = champion.get();
        try {
            PublishedArchive archive = PublishedArchive.read(adopted.file(), adopted.spec());
            course.adopt(
                    Learned.of(new Recipe(adopted.spec(), archive.scaling()), archive.state(), Horizon.UNKNOWN),
                    start(store, adopted.card().id()),
                    adopted.card().seed());
        } catch (IOException e) {
            LOG.error(
                    "champion {} does not open, going on without it: {}",
                    adopted.card().id(),
                    e.getMessage());
            champion = Optional.empty();
        }
    }

    private void retain(ModelStore store) {
        if (stopped.getAsBoolean()) {
            return;
        }
        try {
            List<String> gone = store.retain(registry.poll().history(), config.keepModels());
            if (!gone.isEmpty()) {
                LOG.info("removed the files of {}; their cards stay on the topic", gone);
            }
        } catch (IOException e) {
            LOG.warn("files of old models cannot be removed: {}", e.getMessage());
        }
    }

    private void train(ModelStore store, JudgedReader reader) throws StoppedException, InterruptedException {
        Instant start = clock.instant();
        Window cut = window.cut();
        int learnable = window.learnable();
        long seed = seed(cut);
        metrics.trainings.increment();
        // The champion on disk is the one that a user would get: if that is damaged, there is none to beat.
        if (champion.isPresent() && verified(store, champion.get().card().id()).isEmpty()) {
            champion = Optional.empty();
            course.dismiss();
            reign(store);
        }
        record.begin(cut, seed);
        Outcome outcome;
        try {
            outcome = outcome(store, reader, cut, seed);
            record.end(outcome);
        } finally {
            record.stop();
        }
        outcome.scores().ifPresent(metrics::holdout);
        if (outcome instanceof Rejected rejected) {
            metrics.rejected(rejected.reason());
            LOG.info("no new model from {} rows: {}", cut.size(), rejected.sentence());
        }
        newRows = 0;
        reader.trained();
        if (!(outcome instanceof Rejected rejected && rejected.reason() == Outcome.Reason.NOT_MEASURED)) {
            trainedRows = learnable;
            trained = true;
        }
        lastTraining = clock.instant();
        lastTook = Duration.between(start, lastTraining);
        metrics.seconds.record(lastTook);
    }

    /** Trains and publishes; whatever breaks, the champion stays and the trainer goes on. */
    private Outcome outcome(ModelStore store, JudgedReader reader, Window cut, long seed)
            throws StoppedException, InterruptedException {
        try {
            Outcome outcome = course.train(cut, seed);
            if (outcome instanceof Passed passed) {
                boolean crowned = false;
                try {
                    crowned = publish(store, passed, cut, seed, reader.profile());
                } finally {
                    if (!crowned) {
                        passed.challenger().close();
                    }
                }
            }
            return outcome;
        } catch (IOException | RuntimeException e) {
            if (e instanceof WakeupException wakeup) {
                throw wakeup;
            }
            LOG.debug("the training failed", e);
            return new Rejected(
                    Outcome.Reason.FAILED, Optional.empty(), "the training failed (" + e + "); the champion stays");
        }
    }

    /** Whether it is champion now. */
    private boolean publish(ModelStore store, Passed passed, Window cut, long seed, @Nullable String profile)
            throws IOException, InterruptedException {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        ModelCard card = store.publish(new Draft(
                        passed.challenger().archive(),
                        passed.challenger().learned().recipe().spec(),
                        cut.columns().target().name(),
                        new Origin(config.yaml(), profile, hyper, parent(store, passed), Machine.here()),
                        figures(passed, cut, seed),
                        passed.challenger().learned(),
                        sha256 -> card(passed, cut, seed, now, sha256)))
                .card();
        registry.announce(card);
        Optional<String> refusal = registry.record(new Promotion(
                contract.stream(),
                Promotion.Action.PROMOTE,
                card.id(),
                now.toString(),
                Promotion.TRAINER,
                passed.sentence()));
        metrics.published.increment();
        LOG.info(
                "published {}: {}{}",
                card.id(),
                passed.sentence(),
                refusal.map(why -> "; but it is not champion: " + why).orElse(""));
        if (refusal.isEmpty()) {
            // As it lies on disk, so that a training that begins from it can be repeated to the byte.
            course.crown(passed, start(store, card.id()));
            named = Optional.of(card.id());
            champion = verified(store, card.id());
            reign(store);
        }
        follow(store);
        retain(store);
        return refusal.isEmpty();
    }

    private static Optional<Learned> start(ModelStore store, String id) {
        try {
            return store.start(id);
        } catch (CorruptModelException e) {
            LOG.warn("no training will begin from {}: {}", id, e.getMessage());
            return Optional.empty();
        }
    }

    /** The champion, if the model went on from it. */
    private Origin.@Nullable Parent parent(ModelStore store, Passed passed) throws IOException {
        if (!passed.challenger().warm() || champion.isEmpty()) {
            return null;
        }
        String id = champion.get().card().id();
        try {
            Manifest.Start start = store.manifest(id).start();
            return start == null ? null : new Origin.Parent(id, start.sha256());
        } catch (CorruptModelException e) {
            throw new IOException("champion " + id + ", which it began from, is refused: " + e.getMessage(), e);
        }
    }

    /** What the model's pictures show; nothing, where that cannot be computed, for a model goes without pictures too. */
    private Figures figures(Passed passed, Window cut, long seed) {
        try {
            Challenger challenger = passed.challenger();
            return Diagnosis.of(challenger.learned(), cut, new History(cut), challenger.holdout(), scratch, seed);
        } catch (IOException | RuntimeException e) {
            LOG.warn("the model gets no pictures: {}", e.toString());
            return Figures.NONE;
        }
    }

    private ModelCard card(Passed passed, Window cut, long seed, Instant now, String sha256) {
        Scores scores = passed.measured();
        String id = contract.stream() + '-' + ID_TIME.format(now) + '-' + sha256.substring(0, 8);
        Map<String, String> text = new TreeMap<>(hyper.asText());
        text.put("epochs", Integer.toString(passed.challenger().learned().epochs()));
        text.put(
                "change",
                Boolean.toString(passed.challenger().learned().recipe().spec().change()));
        text.put("start", passed.challenger().warm() ? "champion" : "nothing");
        text.put("device", Devices.chosen().toString());
        text.put("threads", Integer.toString(Devices.threads()));
        return new ModelCard(
                id,
                contract.stream(),
                now.toString(),
                scores.metric(),
                scores.value(),
                scores.baselines(),
                scores.champion().orElse(null),
                cut.learnable(),
                scores.rows(),
                scores.slices(),
                cut.ranges(),
                cut.labelRanges(),
                contract.hash(),
                seed,
                champion.map(c -> c.card().id()).orElse(null),
                Version.text(),
                text,
                sha256,
                id);
    }

    /** The configured seed, spread over windows: the same window gets the same seed. */
    private long seed(Window cut) {
        return new SplittableRandom(config.seed() ^ cut.ranges().hashCode()).nextLong();
    }
}
