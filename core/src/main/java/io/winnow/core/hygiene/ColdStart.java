package io.winnow.core.hygiene;

import io.winnow.core.contract.Contract;
import io.winnow.core.row.Row;
import io.winnow.core.sequence.Past;
import io.winnow.core.sequence.SequenceMemory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The first profile, from a few rows that nobody has judged. Scores for the calibration come from cross-fitting (each
 * quarter scored by the other three), or the rows would look more ordinary than the next ones will; centers and scales are
 * trimmed, and the most surprising twentieth is not learned, so that a tenth of bad rows does no harm.
 */
final class ColdStart {
    private static final int FOLDS = 4;
    private static final double LEARNED_SHARE = 0.95;

    private ColdStart() {}

    static Profile profile(Contract contract, List<Row> rows, double cut) {
        List<Row> near = near(contract, rows, cut);
        return profile(contract, near, pasts(contract, near), 0, near.size(), cut);
    }

    /** The rows without those that are far beyond the range of the others. */
    private static List<Row> near(Contract contract, List<Row> rows, double cut) {
        Frame frame = frame(Frame.Layout.of(contract), 0, rows);
        Tally ones = new Tally(frame);
        Fields fields = new Fields(frame, new Tally(frame));
        for (Row row : rows) {
            fields.score(row);
            fields.count(ones.fields, ones.missing, ones.categories);
        }
        Tally tally = new Tally(frame);
        tally.add(ones, Tally.ONE);
        Ranges ranges = new Ranges(frame, tally, Ranges.UNJUDGED);
        return rows.stream()
                .filter(row -> {
                    fields.score(row);
                    return ranges.bits(fields.floats) < cut;
                })
                .toList();
    }

    /** A cold start anew, from the sample of what a young profile accepted and knew. */
    static Profile again(
            Contract contract, Profile young, Sample sample, Lessons lessons, long rows, long seen, double cut) {
        List<Row> known = sample.rows();
        // A sample has lost its order: how rows follow each other is what the young profile knew of it.
        List<@Nullable Past> none = Collections.nCopies(known.size(), null);
        Profile made = profile(contract, known, none, young.frame.generation + 1, seen, cut);
        if (made.tally.sequence != null && young.tally.sequence != null) {
            made.tally.sequence.carry(young.tally.sequence, young.frame, made.frame);
        }
        return new Profile(made.frame, made.tally, made.sample, lessons, ShiftedScores.NONE, rows, seen, cut);
    }

    /** What each row is compared with, if they came in this order and were all accepted. */
    private static List<@Nullable Past> pasts(Contract contract, List<Row> rows) {
        List<@Nullable Past> pasts = new ArrayList<>(Collections.nCopies(rows.size(), null));
        if (contract.contextPerKey()) {
            SequenceMemory memory = new SequenceMemory(contract);
            for (int i = 0; i < rows.size(); i++) {
                pasts.set(i, memory.before(0, rows.get(i)));
                memory.note(0, i, rows.get(i), true);
            }
        }
        return pasts;
    }

    private static Profile profile(
            Contract contract, List<Row> rows, List<@Nullable Past> pasts, int generation, long seen, double cut) {
        Frame.Layout layout = Frame.Layout.of(contract);
        Frame frame = frame(layout, generation, rows);
        double[][] raw = crossFitted(frame, rows, pasts, cut);
        for (int v = 0; v < Frame.VIEWS; v++) {
            center(frame, v, column(raw, v));
        }
        // The views' calibrations come first; the combination is a function of them.
        Tally tally = new Tally(frame);
        count(frame, tally, raw, Frame.VIEWS);
        Scorer views = new Scorer(frame, tally, rows.size(), cut);
        for (double[] r : raw) {
            r[Frame.VIEWS] = views.combine(r);
        }
        double[] combined = column(raw, Frame.VIEWS);
        center(frame, Frame.VIEWS, combined);
        tally = new Tally(frame);
        count(frame, tally, raw, Frame.VIEWS + 1);
        together(frame, tally, raw, cut);

        Arrays.sort(combined);
        double highest = combined.length == 0
                ? 0
                : combined[Math.min(combined.length - 1, (int) (combined.length * LEARNED_SHARE))];
        Tally learned = new Tally(frame);
        Sample sample = new Sample(layout.features());
        Scorer scorer = new Scorer(frame, new Tally(frame), 0, cut);
        for (int i = 0; i < raw.length; i++) {
            if (raw[i][Frame.VIEWS] <= highest) {
                learn(scorer, rows.get(i), pasts.get(i), learned);
                sample.add(rows.get(i));
            }
        }
        Tally all = new Tally(frame);
        all.add(learned, Tally.ONE);
        all.add(tally, Tally.ONE);
        return new Profile(frame, all, sample, Lessons.none(layout), ShiftedScores.NONE, learned.rows, seen, cut);
    }

    private static Frame frame(Frame.Layout layout, int generation, List<Row> rows) {
        int[] numeric = layout.columns(false);
        double[] center = new double[numeric.length];
        double[] scale = new double[numeric.length];
        for (int j = 0; j < numeric.length; j++) {
            int i = numeric[j];
            double[] x = rows.stream()
                    .mapToDouble(r -> r.numbers[i])
                    .filter(v -> !Double.isNaN(v))
                    .sorted()
                    .toArray();
            center[j] = Robust.center(x);
            scale[j] = Robust.scale(x, center[j]);
        }
        double[] ones = new double[Frame.VIEWS + 1];
        Arrays.fill(ones, 1);
        return new Frame(
                layout,
                generation,
                Frame.frequentValues(layout, rows),
                center,
                scale,
                new double[Frame.VIEWS + 1],
                ones);
    }

    /** Raw view scores of each row under densities that did not see it. */
    private static double[][] crossFitted(Frame frame, List<Row> rows, List<@Nullable Past> pasts, double cut) {
        double[][] raw = new double[rows.size()][];
        Scorer blank = new Scorer(frame, new Tally(frame), 0, cut);
        for (int fold = 0; fold < FOLDS; fold++) {
            Tally others = new Tally(frame);
            for (int i = 0; i < raw.length; i++) {
                if (i % FOLDS != fold) {
                    learn(blank, rows.get(i), pasts.get(i), others);
                }
            }
            Tally scaled = new Tally(frame);
            scaled.add(others, Tally.ONE);
            Scorer scorer = new Scorer(frame, scaled, 0, cut);
            for (int i = fold; i < raw.length; i += FOLDS) {
                scorer.score(rows.get(i), pasts.get(i));
                raw[i] = scorer.rawScores();
            }
        }
        return raw;
    }

    private static void learn(Scorer scorer, Row row, @Nullable Past past, Tally into) {
        scorer.score(row, past);
        scorer.learn(into);
        scorer.follow(into);
    }

    /** Counts how rows follow each other, and then what comes of it together with the views of each row on its own. */
    private static void together(Frame frame, Tally tally, double[][] raw, double cut) {
        SequenceTally sequence = tally.sequence;
        if (sequence == null) {
            return;
        }
        for (double[] r : raw) {
            sequence.count(r, Frame.VIEWS + 1, 1);
        }
        Tally scaled = new Tally(frame);
        scaled.add(tally, Tally.ONE);
        Scorer scorer = new Scorer(frame, scaled, raw.length, cut);
        sequence.clear();
        for (double[] r : raw) {
            scorer.together(r);
            sequence.count(r, Frame.VIEWS + 1, 1);
        }
    }

    private static double[] column(double[][] raw, int v) {
        return Arrays.stream(raw).mapToDouble(r -> r[v]).toArray();
    }

    /** Centers a view on the scores' median, in units of their spread: only how finely its grid resolves them. */
    private static void center(Frame frame, int v, double[] scores) {
        if (scores.length == 0) {
            return;
        }
        double[] sorted = scores.clone();
        Arrays.sort(sorted);
        frame.viewCenter[v] = sorted[sorted.length / 2];
        frame.viewScale[v] = Math.max(Robust.interquartile(sorted), 1e-3);
    }

    private static void count(Frame frame, Tally tally, double[][] raw, int views) {
        for (double[] r : raw) {
            for (int v = 0; v < views; v++) {
                int cell = Grid.cell((r[v] - frame.viewCenter[v]) / frame.viewScale[v]);
                // A scorer reads a profile's units.
                tally.views[v * Grid.CELLS + cell] += views > Frame.VIEWS ? 1 : Tally.ONE;
            }
            tally.judged++;
        }
    }
}
