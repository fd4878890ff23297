package io.winnow.core.hygiene;

import io.winnow.core.row.Row;
import java.util.Arrays;
import java.util.List;

/**
 * Gives a profile a new {@link Frame} when a field has left the old one: its spread has changed much, or its level by much
 * more than its spread. What can be carried over is: counts of fields cell by cell, calibration as it is. Projections and
 * moments start again from the profile's sample.
 */
final class Reframing {
    private static final double MAX_SHIFT = 3;
    private static final double MAX_RATIO = 4;
    /** Fewer sampled rows say too little about a field. */
    private static final int MIN_ROWS = 64;

    /** A cell that is as wide as more than so many of the new frame's is split up. */
    private static final double MANY = 2;

    /** Rows that are carried over, at most: counts stay bounded however often the frame moves. */
    private static final double CARRIED_ROWS = 5_000;

    private Reframing() {}

    static Profile ifDrifted(Profile profile) {
        Frame old = profile.frame;
        if (profile.sample.size() < MIN_ROWS) {
            return profile;
        }
        List<Row> rows = profile.sample.rows();
        double[] center = old.center.clone();
        double[] scale = old.scale.clone();
        boolean drifted = false;
        for (int j = 0; j < center.length; j++) {
            int i = old.numeric[j];
            double[] x = rows.stream()
                    .mapToDouble(r -> r.numbers[i])
                    .filter(v -> !Double.isNaN(v))
                    .sorted()
                    .toArray();
            if (x.length < MIN_ROWS) {
                continue;
            }
            double c = Robust.center(x);
            double s = Robust.scale(x, c);
            // What a field that is hardly ever another than it was is now and then is no spread of its.
            if (Robust.varies(x)
                    && (Math.abs(c - center[j]) > MAX_SHIFT * Math.max(s, scale[j])
                            || s > MAX_RATIO * scale[j]
                            || scale[j] > MAX_RATIO * s)) {
                center[j] = c;
                scale[j] = s;
                drifted = true;
            }
        }
        return drifted ? moved(profile, rows, old.moved(center, scale)) : profile;
    }

    private static Profile moved(Profile profile, List<Row> sample, Frame frame) {
        Frame old = profile.frame;
        Tally before = new Tally(old);
        before.add(profile.tally, 1);
        double known = before.largestColumn() / (double) Tally.ONE;
        if (known > CARRIED_ROWS) {
            before.fadeDensities(CARRIED_ROWS / known);
        }
        Tally sampled = new Tally(frame);
        Scorer scorer = new Scorer(frame, new Tally(frame), 0, profile.cut());
        for (Row row : sample) {
            scorer.score(row);
            scorer.learn(sampled);
        }
        Tally tally = new Tally(frame);
        tally.add(sampled, Tally.ONE);
        tally.judged = before.judged;
        tally.recent.add(before.recent, 1);
        System.arraycopy(before.views, 0, tally.views, 0, before.views.length);
        System.arraycopy(before.categories, 0, tally.categories, 0, before.categories.length);
        System.arraycopy(before.missing, 0, tally.missing, 0, before.missing.length);
        if (tally.sequence != null && before.sequence != null) {
            tally.sequence.carry(before.sequence, old, frame);
        }
        Arrays.fill(tally.fields, 0);
        for (int j = 0; j < frame.columns(); j++) {
            carry(j, old, before.fields, frame, tally.fields, sample);
        }
        return new Profile(
                frame,
                tally,
                profile.sample,
                profile.lessons,
                profile.shifted,
                profile.rows(),
                profile.seen(),
                profile.cut());
    }

    /**
     * Carries a column's counts over, cell by cell. Where a cell of the old frame is many of the new one, sampled rows say
     * where in it its rows lie: a constant field would otherwise be known for a value that it never had.
     */
    private static void carry(int column, Frame old, int[] before, Frame frame, int[] after, List<Row> sample) {
        int at = column * Grid.CELLS;
        int[] sampled = new int[Grid.CELLS];
        for (Row row : sample) {
            int i = cell(old, column, row);
            if (i >= 0) {
                sampled[i]++;
            }
        }
        boolean[] split = new boolean[Grid.CELLS];
        for (int i = 0; i < Grid.CELLS; i++) {
            int to = cell(frame, column, old.center[column] + old.scale[column] * Grid.middle(i));
            split[i] =
                    sampled[i] > 0 && Grid.width(i) * old.scale[column] > MANY * Grid.width(to) * frame.scale[column];
            after[at + to] += split[i] ? 0 : before[at + i];
        }
        for (Row row : sample) {
            int i = cell(old, column, row);
            if (i >= 0 && split[i]) {
                after[at + cell(frame, column, row)] += before[at + i] / sampled[i];
            }
        }
    }

    /** The cell of a row's value in a column; −1 where it is missing. */
    private static int cell(Frame frame, int column, Row row) {
        double x = row.numbers[frame.numeric[column]];
        return Double.isNaN(x) ? -1 : cell(frame, column, x);
    }

    private static int cell(Frame frame, int column, double x) {
        return Grid.cell((x - frame.center[column]) / frame.scale[column]);
    }
}
