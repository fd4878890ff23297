package io.winnow.trainer;

import io.winnow.core.model.Baselines;
import io.winnow.core.model.ModelCard;
import io.winnow.trainer.evaluation.Contender;
import io.winnow.trainer.evaluation.Losses;
import io.winnow.trainer.live.Course.Updated;
import io.winnow.trainer.store.LiveCard;
import io.winnow.trainer.store.ModelStore;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When the champion is written with its small updates: at once when there is another one, then now and then while it takes
 * steps, but not while a baseline was better on the newest rows. Not thread-safe.
 */
final class LiveArchive {
    private static final Logger LOG = LoggerFactory.getLogger(LiveArchive.class);
    /** Between two looks at the champion. */
    private static final Duration EVERY = Duration.ofSeconds(10);
    /** Steps of what lies on disk where that is not this champion. */
    private static final int NONE = -1;

    private final Supplier<Optional<Updated>> now;
    private final InstantSource clock;
    private final TrainerMetrics metrics;
    private Optional<ModelCard> champion = Optional.empty();
    private Instant looked;
    /** Steps of what lies on disk. */
    private int written = NONE;
    /** Whether a baseline is better. */
    private boolean held;
    /** Whether the disk does not take it. */
    private boolean refused;

    /**
     * Without a champion yet.
     *
     * @param now the champion with its small updates
     */
    LiveArchive(Supplier<Optional<Updated>> now, InstantSource clock, TrainerMetrics metrics) {
        this.now = now;
        this.clock = clock;
        this.metrics = metrics;
        this.looked = clock.instant();
    }

    /** There is another champion, or none any more. */
    void begin(ModelStore store, Optional<ModelCard> next) {
        champion = next;
        written = NONE;
        held = false;
        metrics.updatesHeld.set(0);
        if (champion.isPresent()) {
            save(store);
            return;
        }
        try {
            store.removeLive();
        } catch (IOException e) {
            LOG.warn("live.pt of a champion that is none any more cannot be removed: {}", e.toString());
        }
    }

    /** Writes what is new, unless it looked lately. */
    void look(ModelStore store) {
        if (Duration.between(looked, clock.instant()).compareTo(EVERY) >= 0) {
            save(store);
        }
    }

    /** Writes what is new: at the end, nobody looks again. */
    void save(ModelStore store) {
        looked = clock.instant();
        champion.ifPresent(card -> now.get()
                .filter(updated -> updated.steps() != written && !held(updated))
                .ifPresent(updated -> write(store, card, updated)));
    }

    private boolean held(Updated updated) {
        Optional<Contender> better = better(updated.paid());
        if (better.isPresent() != held) {
            held = better.isPresent();
            metrics.updatesHeld.set(held ? 1 : 0);
            better.map(Contender::label)
                    .ifPresentOrElse(
                            who -> LOG.info(
                                    "the champion's small updates are held back: on the newest rows {} is better", who),
                            () -> LOG.info("the champion's small updates are no longer held back"));
        }
        return held;
    }

    /** The baseline that cost least, if it cost less than the champion. */
    private static Optional<Contender> better(Map<Contender, Losses> paid) {
        Losses own = paid.get(Contender.CHAMPION);
        return paid.entrySet().stream()
                .filter(baseline -> own != null && baseline.getValue().mean() < own.mean())
                .min(Comparator.comparingDouble(baseline -> baseline.getValue().mean()))
                .map(Map.Entry::getKey);
    }

    private void write(ModelStore store, ModelCard card, Updated updated) {
        try {
            store.writeLive(updated.archive().get(), card(card, updated));
            written = updated.steps();
            refused = false;
            metrics.updates.increment();
        } catch (IOException e) {
            if (!refused) {
                LOG.warn("{}; the last one stays, and this is tried again", e.getMessage());
            }
            refused = true;
        }
    }

    private LiveCard card(ModelCard card, Updated updated) {
        Map<Contender, Losses> paid = updated.paid();
        Losses own = paid.get(Contender.CHAMPION);
        return new LiveCard(
                card.id(),
                card.sha256(),
                clock.instant().truncatedTo(ChronoUnit.SECONDS).toString(),
                updated.steps(),
                updated.rows(),
                card.metric(),
                own == null ? null : own.in(card.metric()),
                own == null ? 0 : own.perRow().length,
                baselines(paid, card.metric()));
    }

    private static @Nullable Baselines baselines(Map<Contender, Losses> paid, String metric) {
        Double noChange = value(paid, Contender.NO_CHANGE, metric);
        Double linear = value(paid, Contender.LINEAR, metric);
        return noChange == null || linear == null
                ? null
                : new Baselines(noChange, linear, value(paid, Contender.FOREST, metric));
    }

    private static @Nullable Double value(Map<Contender, Losses> paid, Contender contender, String metric) {
        Losses losses = paid.get(contender);
        return losses == null ? null : losses.in(metric);
    }
}
