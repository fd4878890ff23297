package io.winnow.core.hygiene;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * What "normal" means, frozen and named by its own SHA-256: frame, densities, calibration, sample
 * size, and what operators' decisions taught. Immutable. The
 * tables that scoring needs are derived from integer counts with {@link StrictMath}, so that the same record under the
 * same profile has the same bits everywhere, to the last digit.
 */
public final class Profile {
    /** A profile's encoding is never larger. */
    public static final int MAX_BYTES = 512 * 1024;

    /** Room for the sample's count and what follows it. */
    private static final int TRAILER = 64;

    private static final String FORMAT = "winnow-profile-3";
    /** The same with {@link ShiftedScores}. */
    private static final String SHIFTED_FORMAT = "winnow-profile-4";

    final Frame frame;
    final Tally tally;
    final Sample sample;
    final Lessons lessons;
    final ShiftedScores shifted;
    private final long rows;
    private final long seen;
    private final double cut;
    private final byte[] encoded;
    private final String hash;
    private final Scorer scorer;

    /**
     * @param lessons what was decided
     * @param shifted what the calibrations go by since its scores shifted
     * @param rows rows learned since the cold start
     * @param seen rows that the calibration ever counted
     * @param cut bits beyond which no row is counted by the calibration
     */
    Profile(
            Frame frame,
            Tally tally,
            Sample sample,
            Lessons lessons,
            ShiftedScores shifted,
            long rows,
            long seen,
            double cut) {
        this.frame = frame;
        this.tally = tally;
        tally.round(frame.grain);
        this.lessons = lessons;
        this.shifted = shifted;
        this.rows = rows;
        this.seen = seen;
        this.cut = cut;
        Wire.Out out = new Wire.Out().text(shifted.isEmpty() ? FORMAT : SHIFTED_FORMAT);
        frame.write(out);
        tally.write(out, frame.grain);
        if (!shifted.isEmpty()) {
            shifted.write(out);
        }
        lessons.write(out);
        this.sample = sample.within(MAX_BYTES - out.size() - TRAILER);
        this.sample.write(out);
        encoded = out.integer(rows).integer(seen).real(cut).toBytes();
        if (encoded.length > MAX_BYTES) {
            throw new IllegalStateException("a profile of " + encoded.length + " bytes exceeds " + MAX_BYTES);
        }
        hash = hash(encoded);
        scorer = new Scorer(frame, tally, lessons, shifted, seen, cut);
    }

    /** The hash of the profile that is encoded so: its name, whether or not the bytes are one. */
    public static String hash(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** SHA-256 of {@link #encode()}, in hex. */
    public String hash() {
        return hash;
    }

    /** The contract ({@link io.winnow.core.contract.Contract#hash()}) that it was made for. */
    public String contractHash() {
        return frame.layout.contractHash();
    }

    /** Rows learned since the cold start. */
    public long rows() {
        return rows;
    }

    /** Whether the stream is changing for good. */
    public Regime regime() {
        return tally.recent.regime;
    }

    /** Share of recent valid rows that were refused by far, more than 3 bits beyond the gate. */
    public double refusedShare() {
        return tally.recent.refusedShare();
    }

    long seen() {
        return seen;
    }

    /** Whether it knows too few rows to set anything aside. */
    boolean isYoung() {
        return seen < Scorer.YOUNG_ROWS;
    }

    double cut() {
        return cut;
    }

    /** Decisions remembered: those that the profile's bits reckon with, once both kinds are among them. */
    public int decisions() {
        return lessons.rows();
    }

    /** A scorer with buffers of its own. */
    Scorer scorer() {
        return scorer.forThread();
    }

    /** The canonical encoding, at most {@link #MAX_BYTES}. */
    public byte[] encode() {
        return encoded.clone();
    }

    /** Which of the formats it is that the bytes begin with. */
    static String readFormat(Wire.In in) {
        String format = in.text(FORMAT.length());
        if (!format.equals(FORMAT) && !format.equals(SHIFTED_FORMAT)) {
            throw new IllegalArgumentException("another format than " + FORMAT + " and " + SHIFTED_FORMAT);
        }
        return format;
    }

    /**
     * Reads {@link #encode()} back.
     *
     * @throws IllegalArgumentException if the bytes are no profile
     */
    public static Profile decode(byte[] bytes) {
        if (bytes.length > MAX_BYTES) {
            throw new IllegalArgumentException("a profile has at most " + MAX_BYTES + " bytes, not " + bytes.length);
        }
        try {
            Wire.In in = new Wire.In(bytes);
            String format = readFormat(in);
            Frame frame = Frame.read(in);
            Tally tally = new Tally(frame);
            tally.read(in, frame.grain);
            ShiftedScores shifted = format.equals(FORMAT) ? ShiftedScores.NONE : ShiftedScores.read(in);
            Lessons lessons = Lessons.read(in, frame.layout);
            Sample sample = new Sample(frame.layout.features());
            sample.read(in);
            long rows = in.natural(Long.MAX_VALUE);
            long seen = in.natural(Long.MAX_VALUE);
            double cut = in.real();
            in.end();
            if (!(cut > 0 && Double.isFinite(cut))) {
                throw new IllegalArgumentException("a cut must be above 0");
            }
            Profile profile = new Profile(frame, tally, sample, lessons, shifted, rows, seen, cut);
            if (!Arrays.equals(bytes, profile.encoded)) {
                throw new IllegalArgumentException("not in the one form that a profile is written in");
            }
            return profile;
        } catch (ArithmeticException | IllegalStateException e) {
            throw new IllegalArgumentException("not a profile: " + e.getMessage(), e);
        }
    }
}
