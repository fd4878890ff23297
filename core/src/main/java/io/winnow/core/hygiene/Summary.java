package io.winnow.core.hygiene;

import java.util.Arrays;

/**
 * What was accepted, as integer sums in a profile's frame: merging any grouping in any order gives the same bytes. Mutable,
 * not thread-safe.
 *
 * <p>Where two summaries were gathered in different frames, the newer frame's is kept and the older one's rows go
 * unlearned: frames change seldom, and a row that is not learned is still judged.
 */
public final class Summary {
    private static final String FORMAT = "winnow-summary-3";

    private Frame frame;
    private Tally tally;
    private FieldCounts unlearned;
    private Sample sample;
    private Lessons lessons;

    /** An empty summary of rows that are judged by this profile. */
    public Summary(Profile profile) {
        this(profile.frame);
    }

    Summary(Frame frame) {
        this.frame = frame;
        this.tally = new Tally(frame);
        this.unlearned = new FieldCounts(frame);
        this.sample = new Sample(frame.layout.features());
        this.lessons = Lessons.none(frame.layout);
    }

    /** Rows gathered: all valid ones that were judged, refused ones too. */
    public long rows() {
        return tally.recent.total();
    }

    /** Whether there is nothing to learn from it: no row, no decision. */
    public boolean isEmpty() {
        return rows() == 0 && lessons.rows() == 0;
    }

    Frame frame() {
        return frame;
    }

    Tally tally() {
        return tally;
    }

    /** Where the values of valid rows fell that the densities do not learn. */
    FieldCounts unlearned() {
        return unlearned;
    }

    Sample sample() {
        return sample;
    }

    Lessons lessons() {
        return lessons;
    }

    /** Adds a decided row: the evidence of each of {@link Parts}. */
    void lesson(boolean discard, int[] evidence) {
        lessons = lessons.with(discard, evidence);
    }

    /**
     * Adds another summary to this one.
     *
     * @throws IllegalArgumentException if it was gathered under another contract
     */
    public void merge(Summary other) {
        if (!other.frame.layout.equals(frame.layout)) {
            throw new IllegalArgumentException("summaries of two contracts do not add up");
        }
        // What was decided is known of fields, not of a frame's cells: no frame outlives it.
        lessons = lessons.plus(other.lessons);
        if (other.frame.generation < frame.generation) {
            return;
        }
        if (other.frame.generation > frame.generation) {
            frame = other.frame;
            tally = new Tally(frame);
            unlearned = new FieldCounts(frame);
            sample = new Sample(frame.layout.features());
        }
        tally.add(other.tally, 1);
        unlearned.add(other.unlearned);
        sample.merge(other.sample);
    }

    /** Forgets everything gathered. */
    public void clear() {
        tally.clear();
        unlearned.clear();
        sample.clear();
        lessons = Lessons.none(frame.layout);
    }

    /** As bytes; equal content has equal bytes. */
    public byte[] encode() {
        Wire.Out out = new Wire.Out().text(FORMAT);
        frame.write(out);
        tally.write(out, 0);
        unlearned.write(out);
        sample.write(out);
        lessons.write(out);
        return out.toBytes();
    }

    /**
     * Reads {@link #encode()} back.
     *
     * @throws IllegalArgumentException if the bytes are no summary
     */
    public static Summary decode(byte[] bytes) {
        try {
            Wire.In in = new Wire.In(bytes);
            if (!in.text(FORMAT.length()).equals(FORMAT)) {
                throw new IllegalArgumentException("another format than " + FORMAT);
            }
            Summary summary = new Summary(Frame.read(in));
            summary.tally.read(in, 0);
            summary.unlearned.read(in);
            summary.sample.read(in);
            summary.lessons = Lessons.read(in, summary.frame.layout);
            in.end();
            if (!Arrays.equals(bytes, summary.encode())) {
                throw new IllegalArgumentException("not in the one form that a summary is written in");
            }
            return summary;
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("not a summary: " + e.getMessage(), e);
        }
    }
}
