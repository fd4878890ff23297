package io.winnow.hygiene.judge;

import io.winnow.hygiene.record.Delivery;
import io.winnow.hygiene.record.RawRecord;
import org.jspecify.annotations.Nullable;

/** How large a record is to Kafka, in bytes, uncompressed and never estimated too small. */
final class RecordSize {
    /** A batch's header (61) and the longest encoding of a record's fixed parts. */
    private static final int OVERHEAD = 61 + 21 + 3 * 5;

    private static final int HEADER_OVERHEAD = 2 * 5;

    private RecordSize() {}

    static long of(RawRecord r) {
        return of(r.key(), r.value(), r.headerNames(), r.headerValues());
    }

    static long of(Delivery d) {
        return of(d.key(), d.value(), d.headerNames(), d.headerValues());
    }

    private static long of(byte @Nullable [] key, byte @Nullable [] value, String[] names, byte[] @Nullable [] values) {
        long bytes = OVERHEAD + length(key) + length(value);
        for (int i = 0; i < names.length; i++) {
            // A char takes at most three bytes in UTF-8 (a surrogate pair four).
            bytes += HEADER_OVERHEAD + 3L * names[i].length() + length(values[i]);
        }
        return bytes;
    }

    private static int length(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }
}
