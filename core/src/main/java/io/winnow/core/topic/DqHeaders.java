package io.winnow.core.topic;

import com.fasterxml.jackson.core.io.NumberOutput;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Names of Winnow's own headers and how their values are written. All start with {@link #PREFIX}; such headers from
 * producers are never trusted and never passed on. Values are UTF-8 text but for {@link #FEATURES}.
 */
public final class DqHeaders {
    /** What every header of ours starts with. */
    public static final String PREFIX = "dq.";
    /** {@link RecordId} of the raw record (clean and quarantine). */
    public static final String ID = "dq.id";
    /** Hash of the profile that judged it (clean and quarantine). */
    public static final String PROFILE = "dq.profile";
    /** Surprise in bits (clean and quarantine; absent where the record could not be scored). */
    public static final String BITS = "dq.bits";
    /**
     * What it was compared with: a {@link io.winnow.core.sequence.Reference} (clean and quarantine; only under a contract
     * with {@code context: {per: key}}, and absent on a key's first record).
     */
    public static final String CONTEXT = "dq.context";
    /** Standardized vector, float32 big-endian, contract order, NaN = missing (clean). */
    public static final String FEATURES = "dq.features";
    /** Id of the decision that released the record (released records on clean). */
    public static final String DECISION = "dq.decision";
    /** A {@link io.winnow.core.row.Reason} (quarantine). */
    public static final String REASON = "dq.reason";
    /** One line for a person, at most {@link #MAX_DETAIL_BYTES} bytes (quarantine). */
    public static final String DETAIL = "dq.detail";
    /** The threshold in bits that was in force (quarantine). */
    public static final String THRESHOLD = "dq.threshold";
    /** {@code name=bits} pairs, comma-separated, most surprising first (quarantine). */
    public static final String FIELDS = "dq.fields";
    /** How often the record was judged before: 0 at first (quarantine). */
    public static final String ATTEMPT = "dq.attempt";
    /** When {@code winnow replay} wrote this verdict, because there was none: ISO-8601 (clean and quarantine). */
    public static final String REPLAYED = "dq.replayed";
    /** Id of the record that an amended one replaces (raw). */
    public static final String AMENDS = "dq.amends";

    /** A longer detail is cut. */
    public static final int MAX_DETAIL_BYTES = 256;

    private DqHeaders() {}

    /** Text as a header value. */
    public static byte[] text(String value) {
        return value.getBytes(StandardCharsets.UTF_8);
    }

    /** A header value as text; malformed UTF-8 becomes replacement characters. */
    public static String text(byte[] value) {
        return new String(value, StandardCharsets.UTF_8);
    }

    /** Text of at most {@link #MAX_DETAIL_BYTES} bytes, cut between characters. */
    public static byte[] detail(String value) {
        byte[] bytes = text(value);
        if (bytes.length <= MAX_DETAIL_BYTES) {
            return bytes;
        }
        int end = MAX_DETAIL_BYTES;
        while (end > 0 && (bytes[end] & 0xC0) == 0x80) {
            end--;
        }
        return java.util.Arrays.copyOf(bytes, end);
    }

    /**
     * Bits as text that reads back as the same double. Shortest form, no locale.
     *
     * @throws IllegalArgumentException if not finite
     */
    public static byte[] bits(double bits) {
        if (!Double.isFinite(bits)) {
            throw new IllegalArgumentException("bits must be finite, not " + bits);
        }
        // The platform's own, before Java 19, is several times as slow and not always the shortest.
        return NumberOutput.toString(bits, true).getBytes(StandardCharsets.US_ASCII);
    }

    /** A vector as big-endian float32. */
    public static byte[] features(float[] vector) {
        ByteBuffer buffer = ByteBuffer.allocate(4 * vector.length);
        buffer.asFloatBuffer().put(vector);
        return buffer.array();
    }

    /**
     * Reads {@link #features(float[])} back.
     *
     * @throws IllegalArgumentException if the length is no multiple of four
     */
    public static float[] features(byte[] value) {
        if (value.length % 4 != 0) {
            throw new IllegalArgumentException(
                    "dq.features must hold whole float32 values, not " + value.length + " bytes");
        }
        float[] vector = new float[value.length / 4];
        ByteBuffer.wrap(value).asFloatBuffer().get(vector);
        return vector;
    }
}
