package io.winnow.trainer.live;

import io.winnow.trainer.evaluation.Contender;
import io.winnow.trainer.evaluation.Losses;
import io.winnow.trainer.learn.LiveModel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;

/**
 * A champion's time: what it has learned since it began, and what the newest rows cost it and its baselines. Rows that the
 * champion before it answered do not count: the scoreboard has them under the same name.
 */
final class Reign {
    /** As many as the live figures in the metrics look back. */
    private static final int ROWS = 500;

    private final LiveModel model;
    private final int steps;
    private final int rows;
    private final Deque<Map<Contender, Double>> newest = new ArrayDeque<>();

    /** Begins now. */
    Reign(LiveModel model) {
        this.model = model;
        this.steps = model.steps();
        this.rows = model.learned();
    }

    /** Notes what a row cost, that this champion answered before it learned it. */
    void note(Map<Contender, Double> costs) {
        newest.add(costs);
        if (newest.size() > ROWS) {
            newest.remove();
        }
    }

    /** What has become of it. */
    Course.Updated updated() {
        Map<Contender, Losses> paid = new EnumMap<>(Contender.class);
        if (!newest.isEmpty()) {
            // Who was asked about one row of a reign was asked about all.
            newest.getFirst().keySet().stream()
                    .filter(contender -> contender.isRival(true))
                    .forEach(contender -> paid.put(contender, losses(contender)));
        }
        return new Course.Updated(model.steps() - steps, model.learned() - rows, paid, model::archive);
    }

    /** One row without bounds must not make a mean that is no number. */
    private Losses losses(Contender contender) {
        return new Losses(newest.stream()
                .mapToDouble(row -> Math.min(row.getOrDefault(contender, Double.NaN), Float.MAX_VALUE))
                .toArray());
    }
}
