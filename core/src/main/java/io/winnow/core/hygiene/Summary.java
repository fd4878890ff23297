package io.winnow.core.hygiene;

/**
 * What was accepted, as integer sums: merging any grouping in any order gives the same bytes. Mutable, not thread-safe.
 */
public final class Summary {
    private long rows;

    /** An empty summary of rows that are judged by this profile. */
    public Summary(Profile profile) {}

    /** Rows gathered. */
    public long rows() {
        return rows;
    }

    void learn() {
        rows++;
    }

    /** Adds another summary to this one. */
    public void merge(Summary other) {
        rows += other.rows;
    }

    /** Forgets everything gathered. */
    public void clear() {
        rows = 0;
    }

    /** As bytes. */
    public byte[] encode() {
        return Long.toString(rows).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    }

    /**
     * Reads {@link #encode()} back.
     *
     * @throws IllegalArgumentException if the bytes are no summary
     */
    public static Summary decode(byte[] bytes) {
        Summary s = new Summary(new Profile("", 0));
        s.rows = Long.parseLong(new String(bytes, java.nio.charset.StandardCharsets.US_ASCII));
        return s;
    }
}
