package io.winnow.monitoring.cases;

import io.winnow.core.row.Quote;
import io.winnow.core.topic.DqHeaders;
import io.winnow.core.topic.RecordId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A quarantined record, whole: everything that a release must give back.
 *
 * @param id the raw record's place
 * @param timestamp the raw record's Kafka timestamp, milliseconds since 1970
 * @param key the producer's key bytes, if any
 * @param value the producer's bytes; null for a tombstone
 * @param headers the producer's headers and Winnow's own, in order
 */
public record KeptRecord(
        RecordId id, long timestamp, byte @Nullable [] key, byte @Nullable [] value, List<KeptHeader> headers) {
    private static final int FORMAT = 1;

    public KeptRecord {
        headers = List.copyOf(headers);
    }

    /**
     * Takes a record off the quarantine topic.
     *
     * @throws IllegalArgumentException if it carries no readable {@code dq.id}
     */
    public static KeptRecord of(
            long timestamp, byte @Nullable [] key, byte @Nullable [] value, List<KeptHeader> headers) {
        String id = last(headers, DqHeaders.ID);
        if (id == null) {
            throw new IllegalArgumentException("no " + DqHeaders.ID + " header");
        }
        try {
            return new KeptRecord(RecordId.parse(id), timestamp, key, value, headers);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(DqHeaders.ID + " " + Quote.of(id) + " is no topic/partition/offset", e);
        }
    }

    /** The last header of this name as text, or null: where a name is there twice, the last one counts. */
    public @Nullable String header(String name) {
        return last(headers, name);
    }

    private static @Nullable String last(List<KeptHeader> headers, String name) {
        for (int i = headers.size() - 1; i >= 0; i--) {
            KeptHeader header = headers.get(i);
            if (header.name().equals(name) && header.value() != null) {
                return DqHeaders.text(header.value());
            }
        }
        return null;
    }

    /**
     * The headers of the released record: the producer's own, then {@code dq.id}, {@code dq.profile}, {@code dq.bits}
     * where present, and {@code dq.decision}; each of ours exactly once.
     *
     * @param decisionId the decision that releases it
     */
    public List<KeptHeader> released(String decisionId) {
        List<KeptHeader> result = new ArrayList<>();
        for (KeptHeader header : headers) {
            if (!header.name().startsWith(DqHeaders.PREFIX)) {
                result.add(header);
            }
        }
        result.add(new KeptHeader(DqHeaders.ID, DqHeaders.text(id.toString())));
        for (String name : List.of(DqHeaders.PROFILE, DqHeaders.BITS)) {
            String text = header(name);
            if (text != null) {
                result.add(new KeptHeader(name, DqHeaders.text(text)));
            }
        }
        result.add(new KeptHeader(DqHeaders.DECISION, DqHeaders.text(decisionId)));
        return result;
    }

    /** As bytes, for the store and the desk's own topics. */
    public byte[] encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(128 + (value == null ? 0 : value.length));
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(FORMAT);
            out.writeUTF(id.toString());
            out.writeLong(timestamp);
            write(out, key);
            write(out, value);
            out.writeInt(headers.size());
            for (KeptHeader header : headers) {
                write(out, DqHeaders.text(header.name()));
                write(out, header.value());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("memory takes every byte", e);
        }
        return bytes.toByteArray();
    }

    /**
     * Reads {@link #encode()} back.
     *
     * @throws IllegalArgumentException if the bytes are no kept record
     */
    public static KeptRecord decode(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            int format = in.readUnsignedByte();
            if (format != FORMAT) {
                throw new IllegalArgumentException("kept record of unknown format " + format);
            }
            RecordId id = RecordId.parse(in.readUTF());
            long timestamp = in.readLong();
            byte[] key = read(in);
            byte[] value = read(in);
            int n = in.readInt();
            List<KeptHeader> headers = new ArrayList<>();
            for (int i = 0; i < n; i++) {
                byte[] name = read(in);
                if (name == null) {
                    throw new IllegalArgumentException("kept record with a header that has no name");
                }
                headers.add(new KeptHeader(DqHeaders.text(name), read(in)));
            }
            return new KeptRecord(id, timestamp, key, value, headers);
        } catch (IOException e) {
            throw new IllegalArgumentException("kept record is cut short", e);
        }
    }

    private static void write(DataOutputStream out, byte @Nullable [] bytes) throws IOException {
        out.writeInt(bytes == null ? -1 : bytes.length);
        if (bytes != null) {
            out.write(bytes);
        }
    }

    private static byte @Nullable [] read(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0) {
            return null;
        }
        if (length > in.available()) {
            throw new IllegalArgumentException("kept record is cut short");
        }
        return in.readNBytes(length);
    }
}
