package io.winnow.app.tune;

import io.winnow.app.terminal.Box;
import io.winnow.app.terminal.Terminal;
import io.winnow.trainer.learn.Hyperparameters;
import io.winnow.trainer.search.Attempt;
import io.winnow.trainer.search.Space;
import io.winnow.trainer.search.Tuned;
import io.winnow.trainer.search.Tuned.Candidate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a search found, for a person and for a program.
 *
 * @param tuned the result
 * @param space what was searched
 */
public record TuneReport(Tuned tuned, Space space) {
    private static final int SHOWN = 4;

    /** A table of what was judged and of the best that were tried. */
    public List<String> table(Terminal t, String title) {
        Box box = new Box(t.bold(title));
        List<String> head = new ArrayList<>(List.of(""));
        head.addAll(space.values(tuned.standard().hyper()).keySet());
        head.add("validation");
        head.add(tuned.metric() + ", holdout");
        box.section().row(head.toArray(String[]::new));
        if (won()) {
            row(
                    box,
                    "winner",
                    tuned.winner().hyper(),
                    tuned.winner().validation(),
                    number(tuned.winner().holdout()));
        }
        row(
                box,
                "standard",
                tuned.standard().hyper(),
                tuned.standard().validation(),
                number(tuned.standard().holdout()));
        for (Attempt attempt : best()) {
            row(box, "attempt " + attempt.number(), space.at(attempt.point()), attempt.loss(), "");
        }
        box.section();
        box.row("no change: " + tuned.metric() + " " + number(tuned.noChange()) + " on the holdout of "
                + String.format(Locale.ROOT, "%,d rows", tuned.holdoutRows()));
        box.row(tuned.better() ? t.green(tuned.sentence()) : tuned.sentence());
        return box.lines();
    }

    private void row(Box box, String name, Hyperparameters hyper, double validation, String holdout) {
        List<String> cells = new ArrayList<>(List.of(name));
        cells.addAll(space.values(hyper).values());
        cells.add(number(validation));
        cells.add(holdout);
        box.row(cells.toArray(String[]::new));
    }

    /** Whether anything was better than the standard where it is chosen. */
    private boolean won() {
        return !tuned.winner().hyper().equals(tuned.standard().hyper());
    }

    /** The next best on the fullest rung that was reached; each once, without what was judged. */
    private List<Attempt> best() {
        double most =
                tuned.attempts().stream().mapToDouble(Attempt::share).max().orElse(1);
        Map<String, Attempt> each = new LinkedHashMap<>();
        tuned.attempts().stream()
                .filter(a -> a.share() == most && a.phase() != Attempt.Phase.GIVEN && Double.isFinite(a.loss()))
                .sorted(Comparator.comparingDouble(Attempt::loss))
                .forEach(a -> each.putIfAbsent(space.values(space.at(a.point())).toString(), a));
        each.remove(space.values(tuned.winner().hyper()).toString());
        return each.values().stream().limit(SHOWN).toList();
    }

    /** The winner's values as a contract's lines; none where the standard is as good, for all that can be told. */
    public List<String> snippet() {
        if (!tuned.better()) {
            return List.of();
        }
        List<String> lines = new ArrayList<>(List.of("training:", "  network:"));
        space.values(tuned.winner().hyper()).forEach((name, value) -> lines.add("    " + name + ": " + value));
        return lines;
    }

    /** For {@code --report}. */
    public Map<String, @Nullable Object> fields() {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("rows", tuned.rows());
        fields.put("holdoutRows", tuned.holdoutRows());
        fields.put("metric", tuned.metric());
        fields.put("change", tuned.change());
        fields.put("attempts", tuned.attempts().size());
        fields.put(
                "fullAttempts",
                tuned.attempts().stream().filter(Attempt::isFull).count());
        fields.put("standard", candidate(tuned.standard()));
        fields.put("winner", candidate(tuned.winner()));
        fields.put("noChange", finite(tuned.noChange()));
        fields.put("better", tuned.better());
        fields.put("sentence", tuned.sentence());
        return fields;
    }

    private Map<String, @Nullable Object> candidate(Candidate c) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("validation", finite(c.validation()));
        fields.put("holdout", finite(c.holdout()));
        fields.put("hyperparameters", space.values(c.hyper()));
        return fields;
    }

    private static @Nullable Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.5g", value);
    }
}
