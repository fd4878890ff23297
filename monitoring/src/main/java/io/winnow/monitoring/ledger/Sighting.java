package io.winnow.monitoring.ledger;

import io.winnow.core.topic.DqHeaders;
import io.winnow.core.topic.RecordId;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * What a record on the clean or quarantine topic says of itself. Headers may be anyone's: what is no id of this stream
 * is no sighting.
 *
 * @param partition of the raw record
 * @param offset of the raw record
 * @param released whether it is a release, no verdict
 * @param part which part of the record it is, from 1
 * @param parts how many parts the record is kept in; 1 where it is whole
 * @param replayed whether {@code winnow replay} wrote it, out of order
 */
public record Sighting(int partition, long offset, boolean released, int part, int parts, boolean replayed) {
    /** {@code i/n} on each part of a record that is kept in parts. */
    private static final String PART = DqHeaders.PREFIX + "part";

    private static final int MAX_ID_BYTES = 400;
    private static final int MAX_PARTS = 10_000;

    /** Reads the headers; null if they name no record of this raw topic. */
    public static @Nullable Sighting of(Headers headers, String rawTopic) {
        Header id = headers.lastHeader(DqHeaders.ID);
        if (id == null || id.value() == null || id.value().length > MAX_ID_BYTES) {
            return null;
        }
        RecordId record;
        try {
            record = RecordId.parse(DqHeaders.text(id.value()));
        } catch (IllegalArgumentException e) {
            return null;
        }
        if (!record.topic().equals(rawTopic)) {
            return null;
        }
        boolean released = headers.lastHeader(DqHeaders.DECISION) != null;
        int[] part = part(headers.lastHeader(PART));
        boolean replayed = headers.lastHeader(DqHeaders.REPLAYED) != null;
        return new Sighting(record.partition(), record.offset(), released, part[0], part[1], replayed);
    }

    /** Index and count; anything unreadable is a whole. */
    private static int[] part(@Nullable Header header) {
        int[] whole = {1, 1};
        if (header == null || header.value() == null || header.value().length > 20) {
            return whole;
        }
        String text = DqHeaders.text(header.value());
        if (!text.matches("[1-9][0-9]{0,8}/[1-9][0-9]{0,8}")) {
            return whole;
        }
        int slash = text.indexOf('/');
        int index = Integer.parseInt(text.substring(0, slash));
        int count = Integer.parseInt(text.substring(slash + 1));
        return index <= count && count <= MAX_PARTS ? new int[] {index, count} : whole;
    }
}
