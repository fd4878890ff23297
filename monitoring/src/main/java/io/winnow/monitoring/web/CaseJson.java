package io.winnow.monitoring.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.winnow.core.hygiene.FieldBits;
import io.winnow.core.review.Decision;
import io.winnow.core.row.Reason;
import io.winnow.core.topic.DqHeaders;
import io.winnow.monitoring.cases.Again;
import io.winnow.monitoring.cases.Case;
import io.winnow.monitoring.cases.KeptHeader;
import io.winnow.monitoring.cases.KeptRecord;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A case as the API writes it. Times are ISO-8601; what is unknown is null, never absent.
 *
 * @param record the record itself; only where one case is asked for
 */
record CaseJson(
        String id,
        String state,
        Reason reason,
        String detail,
        @Nullable Double bits,
        @Nullable Double threshold,
        List<FieldBits> fields,
        @Nullable String profile,
        int attempt,
        String timestamp,
        String receivedAt,
        long size,
        int parts,
        int partsHere,
        boolean releasable,
        @Nullable Decision decision,
        @Nullable String dueAt,
        int conflicts,
        @Nullable Decision lastConflict,
        @Nullable AgainJson again,
        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable RecordJson record) {

    /**
     * The record, byte for byte.
     *
     * @param key the producer's key, base64
     * @param value the producer's bytes, base64; null for a tombstone
     * @param text the first {@value #MAX_TEXT_BYTES} bytes of it as text, malformed UTF-8 replaced
     * @param headers the producer's and Winnow's
     */
    record RecordJson(
            @Nullable String key,
            @Nullable String value,
            @Nullable String text,
            List<HeaderJson> headers) {

        /** The text is for reading; {@code value} has all of it. */
        static final int MAX_TEXT_BYTES = 65_536;
    }

    /**
     * What the verdict would be now, by which profile, and when that was found; and whether how the record follows its
     * key's last ones had to be left out.
     */
    record AgainJson(
            double bits, double threshold, boolean accepted, String profile, String at, boolean sequenceLeftOut) {}

    /** One header; its value as text, malformed UTF-8 replaced. */
    record HeaderJson(String name, @Nullable String value) {}

    /** A page of cases. */
    record PageJson(List<CaseJson> cases, @Nullable String next) {}

    static CaseJson of(Case c, @Nullable KeptRecord record) {
        return new CaseJson(
                c.id().toString(),
                c.state().label(),
                c.finding().reason(),
                c.finding().detail(),
                c.finding().bits(),
                c.finding().threshold(),
                c.finding().fields(),
                c.finding().profile(),
                c.finding().attempt(),
                time(c.timestamp()),
                time(c.receivedAt()),
                c.size(),
                c.parts(),
                c.partsHere(),
                c.isReleasable(),
                c.decision(),
                c.dueAt() == null ? null : time(c.dueAt()),
                c.conflicts(),
                c.lastConflict(),
                c.again() == null ? null : of(c.again(), c.isAcceptedNow()),
                record == null ? null : of(record));
    }

    private static AgainJson of(Again again, boolean accepted) {
        return new AgainJson(
                again.bits(), again.threshold(), accepted, again.profile(), time(again.at()), again.sequenceLeftOut());
    }

    private static RecordJson of(KeptRecord record) {
        byte[] value = record.value();
        return new RecordJson(
                base64(record.key()),
                base64(value),
                value == null
                        ? null
                        : DqHeaders.text(Arrays.copyOf(value, Math.min(value.length, RecordJson.MAX_TEXT_BYTES))),
                record.headers().stream().map(CaseJson::of).toList());
    }

    private static HeaderJson of(KeptHeader header) {
        byte[] value = header.value();
        return new HeaderJson(header.name(), value == null ? null : DqHeaders.text(value));
    }

    private static @Nullable String base64(byte @Nullable [] bytes) {
        return bytes == null ? null : Base64.getEncoder().encodeToString(bytes);
    }

    private static String time(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }
}
