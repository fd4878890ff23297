package io.winnow.core.hygiene;

import io.winnow.core.contract.Contract;
import io.winnow.core.contract.OnRegimeChange;
import io.winnow.core.row.Row;
import io.winnow.core.row.RowDecoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Makes profiles: the first from a few rows, each later one from the last and a summary of what was accepted since. */
public final class ProfileMaker {
    /** A cold start needs no more rows than this. */
    public static final int COLD_START_ROWS = 256;

    /** What the densities remember, in rows. */
    private static final double DENSITY_ROWS = 20_000;
    /**
     * What the last calibration remembers, in rows: enough that some fifty lie beyond a gate of ten bits, and that no burst
     * of anomalies soon makes up its tail.
     */
    private static final double CALIBRATION_ROWS = 50_000;
    /** What the views' calibrations remember: they have to follow what their densities become. */
    private static final double VIEW_ROWS = 20_000;

    private static final double MIN_CALIBRATION_ROWS = 512;

    /** A stream that has learned so many rows is known: nobody waits for its next profile any more. */
    public static final int KNOWN_ROWS = 200_000;

    /** Decisions change what the views' combination is: what it remembers gives way to rows scored under the new one. */
    private static final double TAUGHT_ROWS = 2_000;

    private static final int FIRST_ROWS = 4_000;
    /** What a profile judges while the stream is new. */
    public static final int FIRST_ROWS_PER_PROFILE = 256;

    private static final int LEAST_ROWS_PER_PROFILE = 1_000;
    private static final int LEARNED_PER_ROW = 40;

    private ProfileMaker() {}

    /**
     * How many rows, over all judges, one profile should judge before the next. Rows, not seconds: history that is sent in
     * a minute drifts as much as it did in its years. Few while the stream is new, and while the profile adapts to a change
     * of it: until it fits, all that it judges is set aside.
     */
    public static int rowsPerProfile(Contract contract, Profile profile) {
        long learned = profile.rows();
        return learned < FIRST_ROWS || adapts(contract, profile)
                ? FIRST_ROWS_PER_PROFILE
                : (int) Math.max(LEAST_ROWS_PER_PROFILE, Math.min(learned, KNOWN_ROWS) / LEARNED_PER_ROW);
    }

    /** Whether the stream changes and its profile follows: rows are judged as before, but all valid ones are learned. */
    public static boolean adapts(Contract contract, Profile profile) {
        return profile.regime() == Regime.CHANGING && contract.hygiene().onRegimeChange() == OnRegimeChange.ADAPT;
    }

    /**
     * Whether the next profile is due before its time: a field that never varied does, and until there is a profile that
     * knows, all rows are set aside.
     *
     * @param gathered since {@code current}, in its frame
     */
    public static boolean isUrgent(Profile current, Summary gathered) {
        return current.regime() == Regime.STEADY
                && gathered.frame().generation == current.frame.generation
                && Constants.vary(current.tally, gathered);
    }

    /** What each fresh row counts: less than one where there are more of them than are remembered. */
    private static int unit(double remembered, long fresh) {
        return (int) Math.max(1, Math.min(Tally.ONE, Tally.ONE * remembered / Math.max(1, fresh)));
    }

    /**
     * The first profile of a stream. Robust where a tenth of the rows are bad; works from any number of rows, none
     * included.
     *
     * @param values raw record values; those that do not decode are passed over, and all beyond
     *     {@link #COLD_START_ROWS}
     */
    public static Profile first(Contract contract, List<byte[]> values) {
        RowDecoder decoder = new RowDecoder(contract);
        List<Row> rows = new ArrayList<>();
        Row buffer = new Row(contract);
        for (byte[] value : values) {
            if (rows.size() < COLD_START_ROWS && decoder.decode(value, buffer) == null) {
                rows.add(buffer.copy());
            }
        }
        return ColdStart.profile(contract, rows, Judge.countCut(contract));
    }

    /**
     * The next profile. Deterministic: the same profile and the same merged summary give the same hash.
     *
     * @param accepted merged summaries of rows accepted since {@code current}; of one that was gathered in another frame
     *     the decisions alone are learned
     */
    public static Profile next(Contract contract, Profile current, Summary accepted) {
        if (accepted.frame().generation != current.frame.generation || accepted.rows() == 0) {
            return accepted.lessons().rows() == 0 ? current : taught(current, accepted.lessons());
        }
        Lessons lessons = current.lessons.next(accepted.lessons(), accepted.tally().judged);
        Tally fresh = accepted.tally();
        Sample sample = new Sample(current.frame.layout.features());
        sample.merge(accepted.sample());
        if (!sample.isFull()) {
            sample.merge(current.sample);
        }
        long seen = current.seen() + fresh.judged;
        long rows = current.rows() + fresh.rows;
        double cut = Judge.countCut(contract);
        if (current.isYoung()) {
            return ColdStart.again(contract, current, sample, lessons, rows, seen, cut);
        }
        Tally tally = new Tally(current.frame);
        tally.add(current.tally, 1);
        double known = tally.rows / (double) Tally.ONE;
        if (known + fresh.rows > DENSITY_ROWS) {
            tally.fadeDensities(Math.max(0, (DENSITY_ROWS - fresh.rows) / known));
        }
        double window = Math.max(MIN_CALIBRATION_ROWS, Math.min(CALIBRATION_ROWS, current.seen() / 2.0));
        double counted = tally.judged / (double) Tally.ONE;
        if (counted + fresh.judged > window) {
            tally.fadeCalibration(Math.max(0, (window - fresh.judged) / counted));
        }
        tally.fadeViews(Math.max(0, Math.min(window, VIEW_ROWS) - fresh.judged));
        if (!lessons.same(current.lessons)) {
            tally.fadeCombined(TAUGHT_ROWS);
        }
        ShiftedScores shifted = seen < KNOWN_ROWS && tally.sequence == null
                ? shifted(current, fresh, tally.views, window)
                : ShiftedScores.NONE;
        tally.add(fresh, unit(DENSITY_ROWS, fresh.rows), unit(window, fresh.judged));
        tally.recent.settle();
        if (Constants.vary(current.tally, accepted)) {
            tally.recent.begin(fresh.recent);
        }
        return Reframing.ifDrifted(new Profile(current.frame, tally, sample, lessons, shifted, rows, seen, cut));
    }

    /**
     * Scores that shift are followed only while the calibration is younger than its memory is long: of a stream that is
     * known, each such look would also be one for a burst of anomalies to pass as a shift. Nor are they where rows are
     * compared with their key's last ones: what follows from each other is no sample, and shifts all the time.
     *
     * @param remembered the tally's scores without the fresh ones: no view remembers more here
     */
    private static ShiftedScores shifted(Profile current, Tally fresh, int[] remembered, double window) {
        double[] room = new double[Frame.VIEWS + 1];
        Arrays.setAll(room, v -> Tally.scores(remembered, v));
        return current.shifted.next(
                current.tally.views, fresh.views, room, unit(window, fresh.judged), current.seen() < VIEW_ROWS);
    }

    private static Profile taught(Profile current, Lessons news) {
        return new Profile(
                current.frame,
                current.tally,
                current.sample,
                current.lessons.next(news, 0),
                current.shifted,
                current.rows(),
                current.seen(),
                current.cut());
    }
}
