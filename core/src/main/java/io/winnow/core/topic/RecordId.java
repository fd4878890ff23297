package io.winnow.core.topic;

/**
 * Where a raw record lies: the value of {@code dq.id}, written {@code topic/partition/offset}.
 *
 * @param topic the raw topic
 * @param partition its partition
 * @param offset its offset
 */
public record RecordId(String topic, int partition, long offset) {
    public RecordId {
        if (topic.isEmpty() || topic.indexOf('/') >= 0 || partition < 0 || offset < 0) {
            // The topic may be anyone's text: a header says it.
            throw new IllegalArgumentException("not a record id: a topic, without '/', then " + partition + "/" + offset);
        }
    }

    /**
     * Reads {@code topic/partition/offset}. Only what {@link #toString} writes is read, so that one record has one id.
     *
     * @throws IllegalArgumentException if the text is anything else
     */
    public static RecordId parse(String text) {
        int last = text.lastIndexOf('/');
        int first = last < 1 ? -1 : text.lastIndexOf('/', last - 1);
        if (first < 1) {
            throw new IllegalArgumentException("not a record id (topic/partition/offset)");
        }
        long partition = number(text, first + 1, last);
        long offset = number(text, last + 1, text.length());
        if (partition > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("not a record id (topic/partition/offset)");
        }
        return new RecordId(text.substring(0, first), (int) partition, offset);
    }

    /** Decimal digits without sign, leading zero or overflow. */
    private static long number(String text, int from, int to) {
        boolean good = to > from && to - from <= 19 && (text.charAt(from) != '0' || to == from + 1);
        long n = 0;
        for (int i = from; good && i < to; i++) {
            char c = text.charAt(i);
            good = c >= '0' && c <= '9' && n <= (Long.MAX_VALUE - (c - '0')) / 10;
            n = 10 * n + (c - '0');
        }
        if (!good) {
            throw new IllegalArgumentException("not a record id (topic/partition/offset)");
        }
        return n;
    }

    @Override
    public String toString() {
        return topic + "/" + partition + "/" + offset;
    }
}
