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
            boolean varies = x[0] < x[x.length - 1];
            if (varies
                    && (Math.abs(c - center[j]) > MAX_SHIFT * Math.max(s, scale[j])
                            || s > MAX_RATIO * scale[j]
                            || scale[j] > MAX_RATIO * s)) {
                center[j] = c;
                scale[j] = s;
                drifted = true;
            }
        }
        return drifted ? moved(profile, old.moved(center, scale)) : profile;
    }

    private static Profile moved(Profile profile, Frame frame) {
        Frame old = profile.frame;
        Tally before = new Tally(old);
        before.add(profile.tally, 1);
        double known = before.largestColumn() / (double) Tally.ONE;
        if (known > CARRIED_ROWS) {
            before.fadeDensities(CARRIED_ROWS / known);
        }
        Tally sampled = new Tally(frame);
        Scorer scorer = new Scorer(frame, new Tally(frame), 0, profile.cut());
        for (Row row : profile.sample.rows()) {
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
            for (int i = 0; i < Grid.CELLS; i++) {
                int count = before.fields[j * Grid.CELLS + i];
                if (count > 0) {
                    double x = old.center[j] + old.scale[j] * Grid.middle(i);
                    tally.fields[j * Grid.CELLS + Grid.cell((x - frame.center[j]) / frame.scale[j])] += count;
                }
            }
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
}
