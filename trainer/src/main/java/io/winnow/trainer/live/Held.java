package io.winnow.trainer.live;

import io.winnow.trainer.evaluation.Contender;
import io.winnow.trainer.evaluation.Losses;
import io.winnow.trainer.window.Window;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Answers to rows whose label has not come yet. Bounded: the oldest are given up. */
final class Held {
    /** As many as rows may wait for labels. */
    private static final int MOST = 200_000;

    private final Map<Place, Answers> held = new LinkedHashMap<>();
    private int reign;

    /**
     * What each contender said of a row.
     *
     * @param timestamp the row's Kafka timestamp
     * @param reign under which champion, by number
     * @param labels classes that were answered, for their numbers change; empty for regression
     */
    private record Answers(long timestamp, int reign, Contender[] who, double[] numbers, String[] labels) {}

    /**
     * What a row cost.
     *
     * @param reigning whether the champion that answered is the champion still
     */
    record Asked(Map<Contender, Double> costs, boolean reigning) {}

    /** Keeps what was answered to a row: numbers, or positions in the window's classes. */
    void keep(Window window, int row, Map<Contender, Double> answers) {
        boolean regression = window.columns().target().isRegression();
        Contender[] who = answers.keySet().toArray(Contender[]::new);
        double[] numbers = new double[regression ? who.length : 0];
        String[] labels = new String[regression ? 0 : who.length];
        for (int i = 0; i < who.length; i++) {
            double answer = answers.getOrDefault(who[i], Double.NaN);
            if (regression) {
                numbers[i] = answer;
            } else {
                // A window without any class yet answers with the place that its first would have.
                labels[i] = answer >= 0 && answer < window.classes().size()
                        ? window.classes().get((int) answer)
                        : "";
            }
        }
        held.put(Place.of(window, row), new Answers(window.timestamp(row), reign, who, numbers, labels));
        if (held.size() > MOST) {
            held.remove(held.keySet().iterator().next());
        }
    }

    /** What the row cost, now that its label is known; empty where it was not asked about. */
    Optional<Asked> take(Window window, int row) {
        Answers answers = held.remove(Place.of(window, row));
        if (answers == null) {
            return Optional.empty();
        }
        boolean reigning = answers.reign() == reign;
        Map<Contender, Double> costs = new EnumMap<>(Contender.class);
        for (int i = 0; i < answers.who().length; i++) {
            double answer = answers.labels().length == 0
                    ? answers.numbers()[i]
                    : window.classes().indexOf(answers.labels()[i]);
            if (reigning || answers.who()[i] != Contender.SHADOW) {
                costs.put(answers.who()[i], Losses.cost(window, row, answer));
            }
        }
        return Optional.of(new Asked(costs, reigning));
    }

    /** Another champion from now on: what the shadows before it said does not count. */
    void crowned() {
        reign++;
    }

    /** Gives up answers to rows from before this time. */
    void forget(long time) {
        Iterator<Answers> oldest = held.values().iterator();
        while (oldest.hasNext() && oldest.next().timestamp() < time) {
            oldest.remove();
        }
    }

    /** Rows that wait. */
    int size() {
        return held.size();
    }
}
