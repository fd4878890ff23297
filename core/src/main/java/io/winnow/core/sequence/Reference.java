package io.winnow.core.sequence;

import java.util.Arrays;

/**
 * What a judged record was compared with, as its header {@code dq.context} says: the record, this and its profile give the
 * same bits again. Text: the offset of the key's last row, that of its last accepted row or {@code -}, both on the record's
 * own partition, and how long each number had been unchanged by then, like {@code 17 9 1,1,5,0}.
 */
public final class Reference {
    /** The accepted offset where no row of the key was accepted. */
    public static final long NONE = -1;

    private final long offset;
    private final long acceptedOffset;
    private final int[] runs;

    /**
     * @param offset of the key's last row
     * @param acceptedOffset of its last accepted row, or {@link #NONE}
     * @param runs for each number, for how many rows it had been the same; 0 where missing. Not copied
     */
    Reference(long offset, long acceptedOffset, int[] runs) {
        if (offset < 0 || acceptedOffset < NONE || acceptedOffset > offset) {
            throw new IllegalArgumentException("rows at " + offset + " and " + acceptedOffset + " cannot be");
        }
        for (int run : runs) {
            if (run < 0 || run > Past.MAX_RUN) {
                throw new IllegalArgumentException("a run of " + run + " rows cannot be");
            }
        }
        this.offset = offset;
        this.acceptedOffset = acceptedOffset;
        this.runs = runs;
    }

    /** Offset of the key's last row. */
    public long offset() {
        return offset;
    }

    /** Offset of the key's last accepted row, or {@link #NONE}. */
    public long acceptedOffset() {
        return acceptedOffset;
    }

    int run(int j) {
        return runs[j];
    }

    int[] runs() {
        return runs;
    }

    /** Bytes that {@link #text} takes at most. */
    public static int maxBytes(int columns) {
        return 2 * (Long.toString(Long.MAX_VALUE).length() + 1)
                + columns * (Integer.toString(Past.MAX_RUN).length() + 1);
    }

    /** As the header's text. */
    public String text() {
        StringBuilder text =
                new StringBuilder(24 + 2 * runs.length).append(offset).append(' ');
        if (acceptedOffset == NONE) {
            text.append('-');
        } else {
            text.append(acceptedOffset);
        }
        for (int j = 0; j < runs.length; j++) {
            text.append(j == 0 ? ' ' : ',').append(runs[j]);
        }
        return text.toString();
    }

    /**
     * Reads {@link #text} back.
     *
     * @param columns numbers in a row of the contract
     * @throws IllegalArgumentException if it is no such text
     */
    public static Reference parse(String text, int columns) {
        String[] parts = text.length() > maxBytes(columns) ? new String[0] : text.split(" ", -1);
        if (parts.length == (columns == 0 ? 2 : 3)) {
            String[] each = columns == 0 ? new String[0] : parts[2].split(",", -1);
            try {
                if (each.length == columns) {
                    return new Reference(
                            Long.parseLong(parts[0]),
                            parts[1].equals("-") ? NONE : Long.parseLong(parts[1]),
                            Arrays.stream(each).mapToInt(Integer::parseInt).toArray());
                }
            } catch (NumberFormatException e) {
                // refused below, with what is meant
            }
        }
        throw new IllegalArgumentException("not two offsets and " + columns + " runs");
    }
}
