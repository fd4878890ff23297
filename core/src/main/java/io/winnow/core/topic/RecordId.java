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
            throw new IllegalArgumentException("not a record id: " + topic + "/" + partition + "/" + offset);
        }
    }

    /**
     * Reads {@code topic/partition/offset}.
     *
     * @throws IllegalArgumentException if the text is anything else
     */
    public static RecordId parse(String text) {
        int last = text.lastIndexOf('/');
        int first = last < 1 ? -1 : text.lastIndexOf('/', last - 1);
        if (first < 1) {
            throw new IllegalArgumentException("not a record id (topic/partition/offset)");
        }
        try {
            return new RecordId(
                    text.substring(0, first),
                    Integer.parseInt(text.substring(first + 1, last)),
                    Long.parseLong(text.substring(last + 1)));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not a record id (topic/partition/offset)", e);
        }
    }

    @Override
    public String toString() {
        return topic + "/" + partition + "/" + offset;
    }
}
