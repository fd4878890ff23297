package io.winnow.monitoring.cases;

import org.jspecify.annotations.Nullable;

/**
 * Which piece of a record this is: {@code dq.part} on the quarantine topic, written {@code i/n}. A record that its topic
 * cannot take in one piece is kept in several with the same {@code dq.id}.
 *
 * @param index its position; smaller ones come first
 * @param of how many there are
 */
public record Part(int index, int of) {
    /** The header that names it. */
    public static final String HEADER = "dq.part";
    /** A record in one piece. */
    public static final Part WHOLE = new Part(0, 1);

    public Part {
        if (index < 0 || of < 1 || index > of) {
            throw new IllegalArgumentException("not a part: " + index + "/" + of);
        }
    }

    /**
     * Reads {@code i/n}; null is a whole record.
     *
     * @throws IllegalArgumentException if the text is anything else
     */
    public static Part parse(@Nullable String text) {
        if (text == null) {
            return WHOLE;
        }
        int slash = text.indexOf('/');
        try {
            Part part = new Part(
                    Integer.parseInt(text.substring(0, Math.max(0, slash))),
                    Integer.parseInt(text.substring(slash + 1)));
            return part.of == 1 ? WHOLE : part;
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not a part (i/n)", e);
        }
    }
}
