package io.winnow.trainer;

import io.winnow.core.contract.Contract;
import io.winnow.core.row.Row;
import io.winnow.core.row.RowDecoder;
import io.winnow.core.topic.DqHeaders;
import io.winnow.core.topic.RecordId;
import io.winnow.trainer.window.CleanRow;
import io.winnow.trainer.window.CleanRow.Standing;
import java.util.regex.Pattern;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** Makes rows of the clean topic's records: the same now as when a window is read again. */
final class CleanRecords {
    /** A number of bits is no longer text than this. */
    private static final int MOST_DIGITS = 32;

    private static final Pattern HASH = Pattern.compile("[0-9a-f]{64}");

    private final RowDecoder decoder;
    private final Row row;

    CleanRecords(Contract contract) {
        decoder = new RowDecoder(contract);
        row = new Row(contract);
    }

    /** The record's row, valid until the next call; null where an operator released what breaks the contract. */
    @Nullable
    CleanRow decode(ConsumerRecord<byte[], byte[]> record, boolean aside) {
        if (decoder.decode(record.value(), row) != null) {
            return null;
        }
        return new CleanRow(
                record.partition(),
                record.offset(),
                rawOffset(record),
                record.timestamp(),
                hash(record.key()),
                standing(record, aside),
                row);
    }

    private static Standing standing(ConsumerRecord<byte[], byte[]> record, boolean aside) {
        if (aside) {
            return Standing.ASIDE;
        }
        return record.headers().lastHeader(DqHeaders.DECISION) == null ? Standing.ACCEPTED : Standing.RELEASED;
    }

    /** Hash of the profile that the record was judged under; null where it does not say. */
    static @Nullable String profile(ConsumerRecord<byte[], byte[]> record) {
        Header header = record.headers().lastHeader(DqHeaders.PROFILE);
        if (header == null || header.value() == null) {
            return null;
        }
        String text = DqHeaders.text(header.value());
        return HASH.matcher(text).matches() ? text : null;
    }

    /** How surprising the record was found, in bits; not a number where it does not say. */
    static double bits(ConsumerRecord<byte[], byte[]> record) {
        Header header = record.headers().lastHeader(DqHeaders.BITS);
        if (header == null || header.value() == null || header.value().length > MOST_DIGITS) {
            return Double.NaN;
        }
        try {
            return Double.parseDouble(DqHeaders.text(header.value()));
        } catch (NumberFormatException e) {
            // A foreign producer's: it says nothing.
            return Double.NaN;
        }
    }

    private static long rawOffset(ConsumerRecord<byte[], byte[]> record) {
        Header id = record.headers().lastHeader(DqHeaders.ID);
        if (id != null && id.value() != null) {
            try {
                return RecordId.parse(DqHeaders.text(id.value())).offset();
            } catch (IllegalArgumentException e) {
                // A foreign producer's record on the clean topic: its own offset orders it.
                return record.offset();
            }
        }
        return record.offset();
    }

    /** 64-bit FNV-1a, so that keys of any length and number take eight bytes a row; no key is one key. */
    static long hash(byte @Nullable [] key) {
        if (key == null) {
            return 0;
        }
        long hash = 0xcbf29ce484222325L;
        for (byte b : key) {
            hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
        }
        return hash;
    }
}
