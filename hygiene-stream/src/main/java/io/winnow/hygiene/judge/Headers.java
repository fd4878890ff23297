package io.winnow.hygiene.judge;

import io.winnow.core.hygiene.FieldBits;
import io.winnow.core.hygiene.Verdict;
import io.winnow.core.row.Reason;
import io.winnow.core.sequence.Reference;
import io.winnow.core.topic.DqHeaders;
import io.winnow.core.topic.RecordId;
import io.winnow.hygiene.record.Delivery;
import io.winnow.hygiene.record.RawRecord;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Dresses a raw record for its topic: the producer's headers but for {@code dq.*}, then ours. */
final class Headers {
    private static final byte[] FIRST_ATTEMPT = DqHeaders.text("0");
    /** {@code dq.fields} is a help for a person; long names must not make the record too large. */
    private static final int MAX_FIELDS_BYTES = 2_048;

    private static final int MAX_OFFSET_DIGITS = 19;

    private final byte[] profile;
    /** What every id of one partition begins with, and whose it is. */
    private byte[] idStart = {};

    private String idTopic = "";
    private int idPartition = -1;

    Headers(String profileHash) {
        profile = DqHeaders.text(profileHash);
    }

    Delivery clean(RawRecord raw, Verdict verdict) {
        float[] features = verdict.features();
        if (features == null) {
            throw new IllegalArgumentException("a clean verdict carries features");
        }
        Builder b = new Builder(raw, verdict.context() == null ? 4 : 5, true);
        b.add(DqHeaders.ID, id(raw));
        b.add(DqHeaders.PROFILE, profile);
        if (!Double.isNaN(verdict.bits())) {
            b.add(DqHeaders.BITS, DqHeaders.bits(verdict.bits()));
        }
        context(b, verdict);
        b.add(DqHeaders.FEATURES, DqHeaders.features(features));
        return b.delivery(raw.key(), raw.value());
    }

    Delivery quarantine(RawRecord raw, Verdict verdict, Reason reason, String detail) {
        return quarantine(raw, verdict, reason, detail, raw.key(), raw.value(), true);
    }

    /** Without the value, for a record whose bytes a side file holds. */
    Delivery pointer(RawRecord raw, Verdict verdict, String detail, boolean withKey, boolean withHeaders) {
        return quarantine(raw, verdict, Reason.TOO_LARGE, detail, withKey ? raw.key() : null, null, withHeaders);
    }

    private Delivery quarantine(
            RawRecord raw,
            Verdict verdict,
            Reason reason,
            String detail,
            byte @Nullable [] key,
            byte @Nullable [] value,
            boolean withHeaders) {
        Builder b = new Builder(raw, verdict.context() == null ? 8 : 9, withHeaders);
        b.add(DqHeaders.ID, id(raw));
        b.add(DqHeaders.PROFILE, profile);
        if (!Double.isNaN(verdict.bits())) {
            b.add(DqHeaders.BITS, DqHeaders.bits(verdict.bits()));
        }
        context(b, verdict);
        b.add(DqHeaders.REASON, DqHeaders.text(reason.name()));
        b.add(DqHeaders.DETAIL, DqHeaders.detail(detail));
        b.add(DqHeaders.THRESHOLD, DqHeaders.bits(verdict.threshold()));
        b.add(DqHeaders.FIELDS, DqHeaders.text(fields(verdict.fields())));
        b.add(DqHeaders.ATTEMPT, FIRST_ATTEMPT);
        return b.delivery(key, value);
    }

    private static void context(Builder b, Verdict verdict) {
        Reference context = verdict.context();
        if (context != null) {
            b.add(DqHeaders.CONTEXT, DqHeaders.text(context.text()));
        }
    }

    /** {@link RecordId}, written for each record: only the offset is new. */
    private byte[] id(RawRecord raw) {
        if (raw.partition() != idPartition || !raw.topic().equals(idTopic)) {
            String first = new RecordId(raw.topic(), raw.partition(), 0).toString();
            idStart = DqHeaders.text(first.substring(0, first.length() - 1));
            idTopic = raw.topic();
            idPartition = raw.partition();
        }
        byte[] offset = new byte[MAX_OFFSET_DIGITS];
        int at = offset.length;
        for (long left = raw.offset(); left > 0 || at == offset.length; left /= 10) {
            offset[--at] = (byte) ('0' + left % 10);
        }
        byte[] id = Arrays.copyOf(idStart, idStart.length + offset.length - at);
        System.arraycopy(offset, at, id, idStart.length, offset.length - at);
        return id;
    }

    /** {@code name=bits,name=bits}; the three characters that would confuse a reader are percent-encoded in names. */
    private static String fields(List<FieldBits> fields) {
        StringBuilder s = new StringBuilder();
        for (FieldBits f : fields) {
            String name = f.field().replace("%", "%25").replace(",", "%2C").replace("=", "%3D");
            String pair = (s.isEmpty() ? "" : ",") + name + "=" + Math.rint(f.bits() * 100) / 100;
            if (s.length() + pair.getBytes(StandardCharsets.UTF_8).length > MAX_FIELDS_BYTES) {
                break;
            }
            s.append(pair);
        }
        return s.toString();
    }

    private static final class Builder {
        private final RawRecord raw;
        private String[] names;
        private byte[] @Nullable [] values;
        private int n;

        Builder(RawRecord raw, int ours, boolean theirs) {
            this.raw = raw;
            int capacity = ours + (theirs ? raw.headerNames().length : 0);
            names = new String[capacity];
            values = new byte[capacity][];
            for (int i = 0; theirs && i < raw.headerNames().length; i++) {
                if (!raw.headerNames()[i].startsWith(DqHeaders.PREFIX)) {
                    add(raw.headerNames()[i], raw.headerValues()[i]);
                }
            }
        }

        void add(String name, byte @Nullable [] value) {
            names[n] = name;
            values[n++] = value;
        }

        Delivery delivery(byte @Nullable [] key, byte @Nullable [] value) {
            if (n < names.length) {
                names = Arrays.copyOf(names, n);
                values = Arrays.copyOf(values, n);
            }
            return new Delivery(raw.partition(), raw.timestamp(), key, value, names, values);
        }
    }
}
