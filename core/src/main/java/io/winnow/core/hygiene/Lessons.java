package io.winnow.core.hygiene;

import java.util.Arrays;

/**
 * What operators decided, as integer sums over the decided rows: for each {@link Parts part} the bits that it saw in them,
 * and their squares, discarded and released rows apart. Adding up in any grouping and order gives the same. Immutable.
 */
final class Lessons {
    /** A bit of evidence is this many. */
    static final int BIT = 4;
    /** No part counts for more bits than this in one row: one wild value must not outweigh all others. */
    static final double MAX_BITS = 16;
    /** A profile remembers as many decisions; more than that, and old ones fade. */
    static final int REMEMBERED = 1_000;
    /** More than this at once would overflow the sums' encoding. */
    private static final int MOST_AT_ONCE = 200_000;

    /** Full strength. */
    static final int FULL = 1_024;
    /** No profile strengthens what was taught by more than this. */
    private static final int STEP = FULL / 8;
    /** Rows that the calibration has to count before what was taught has its full strength. */
    private static final int ROWS_TO_FULL = 2_000;

    final Side discarded;
    final Side released;
    /**
     * How much of it counts, in {@link #FULL}s: the calibration must be able to follow, or all that decisions make more
     * surprising would be set aside until it has.
     */
    final int strength;

    /**
     * The rows decided one way.
     *
     * @param rows how many
     * @param sums for each part, in {@link #BIT}s
     * @param squares for each part, in {@code BIT²}s
     */
    record Side(int rows, int[] sums, int[] squares) {
        private static Side none(int parts) {
            return new Side(0, new int[parts], new int[parts]);
        }

        private Side with(int[] evidence) {
            Side next = new Side(rows + 1, sums.clone(), squares.clone());
            for (int i = 0; i < evidence.length; i++) {
                next.sums[i] += evidence[i];
                next.squares[i] += evidence[i] * evidence[i];
            }
            return next;
        }

        private Side plus(Side other) {
            Side both = new Side(Math.addExact(rows, other.rows), sums.clone(), squares.clone());
            for (int i = 0; i < sums.length; i++) {
                both.sums[i] = Math.addExact(sums[i], other.sums[i]);
                both.squares[i] = Math.addExact(squares[i], other.squares[i]);
            }
            return both;
        }

        private Side halved() {
            int left = (rows + 1) / 2;
            // Rounded like the rows, so that the means stay.
            return new Side(left, scaled(sums, left), scaled(squares, left));
        }

        private int[] scaled(int[] values, int left) {
            return Arrays.stream(values)
                    .map(v -> rows == 0 ? 0 : (int) ((long) v * left / rows))
                    .toArray();
        }

        double mean(int part) {
            return sums[part] / (double) BIT / rows;
        }

        /** Sum of squared distances from the mean. */
        double spread(int part) {
            double mean = mean(part);
            return Math.max(0, squares[part] / (double) (BIT * BIT) - rows * mean * mean);
        }

        private void write(Wire.Out out) {
            out.integer(rows);
            if (rows > 0) {
                out.sparse(sums, 0).sparse(squares, 0);
            }
        }

        private static Side read(Wire.In in, int parts) {
            Side side = new Side(in.count(MOST_AT_ONCE), new int[parts], new int[parts]);
            if (side.rows > 0) {
                in.sparse(side.sums, 0);
                in.sparse(side.squares, 0);
            }
            return side;
        }

        private boolean same(Side other) {
            return rows == other.rows && Arrays.equals(sums, other.sums) && Arrays.equals(squares, other.squares);
        }
    }

    private Lessons(Side discarded, Side released, int strength) {
        this.discarded = discarded;
        this.released = released;
        this.strength = strength;
    }

    static Lessons none(Frame.Layout layout) {
        int parts = Parts.of(layout).count();
        return new Lessons(Side.none(parts), Side.none(parts), 0);
    }

    int rows() {
        return discarded.rows + released.rows;
    }

    /**
     * With one more decided row.
     *
     * @param evidence for each part, {@link #evidence} of its bits
     */
    Lessons with(boolean discard, int[] evidence) {
        if (rows() >= MOST_AT_ONCE) {
            return this;
        }
        return discard
                ? new Lessons(discarded.with(evidence), released, strength)
                : new Lessons(discarded, released.with(evidence), strength);
    }

    /** A part's bits in fixed point, bounded. */
    static int evidence(double bits) {
        return (int) Math.rint(BIT * Math.max(0, Math.min(MAX_BITS, bits)));
    }

    Lessons plus(Lessons other) {
        return other.rows() == 0
                ? this
                : new Lessons(discarded.plus(other.discarded), released.plus(other.released), strength);
    }

    /**
     * What the next profile knows: these, stronger by the rows that were counted since, and the news, which have yet to
     * gain strength. At most {@link #REMEMBERED} decisions: old ones fade.
     */
    Lessons next(Lessons news, long counted) {
        if (rows() + news.rows() == 0) {
            return this;
        }
        long kept = (long) strength * rows() / (rows() + news.rows());
        int grown = (int) Math.min(STEP, counted * FULL / ROWS_TO_FULL);
        Lessons both = plus(news);
        Side more = both.discarded;
        Side less = both.released;
        while (more.rows + less.rows > REMEMBERED) {
            more = more.halved();
            less = less.halved();
        }
        return new Lessons(more, less, (int) Math.min(FULL, kept + grown));
    }

    void write(Wire.Out out) {
        discarded.write(out);
        released.write(out);
        out.integer(strength);
    }

    static Lessons read(Wire.In in, Frame.Layout layout) {
        int parts = Parts.of(layout).count();
        return new Lessons(Side.read(in, parts), Side.read(in, parts), in.count(FULL));
    }

    boolean same(Lessons other) {
        return discarded.same(other.discarded) && released.same(other.released) && strength == other.strength;
    }
}
