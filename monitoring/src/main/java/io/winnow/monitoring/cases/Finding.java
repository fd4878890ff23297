package io.winnow.monitoring.cases;

import io.winnow.core.hygiene.FieldBits;
import io.winnow.core.row.Quote;
import io.winnow.core.row.Reason;
import io.winnow.core.topic.DqHeaders;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a record was set aside, from the {@code dq.*} headers on the quarantine topic.
 *
 * @param reason the kind of fault
 * @param detail one line for a person; never trusted in a page
 * @param bits its surprise in bits; null where it could not be scored
 * @param threshold the threshold in bits that was in force; null where unknown
 * @param fields the most surprising fields first
 * @param profile hash of the profile that judged it; null where none was in force
 * @param attempt how often it was judged before
 */
public record Finding(
        Reason reason,
        String detail,
        @Nullable Double bits,
        @Nullable Double threshold,
        List<FieldBits> fields,
        @Nullable String profile,
        int attempt) {
    private static final int MAX_FIELDS = 64;

    public Finding {
        fields = List.copyOf(fields);
    }

    /**
     * Reads the headers of a quarantined record. Only the reason is required: a number that cannot be read is shown as
     * unknown rather than hiding the case.
     *
     * @throws IllegalArgumentException if the reason is missing or none of the closed set
     */
    public static Finding of(KeptRecord record) {
        String reason = record.header(DqHeaders.REASON);
        if (reason == null) {
            throw new IllegalArgumentException("no " + DqHeaders.REASON + " header");
        }
        String detail = record.header(DqHeaders.DETAIL);
        Double attempt = number(record.header(DqHeaders.ATTEMPT));
        return new Finding(
                reason(reason),
                detail == null ? "" : detail,
                number(record.header(DqHeaders.BITS)),
                number(record.header(DqHeaders.THRESHOLD)),
                fields(record.header(DqHeaders.FIELDS)),
                record.header(DqHeaders.PROFILE),
                attempt == null ? 0 : attempt.intValue());
    }

    private static Reason reason(String text) {
        for (Reason reason : Reason.values()) {
            if (reason.name().equals(text)) {
                return reason;
            }
        }
        throw new IllegalArgumentException(
                DqHeaders.REASON + " " + Quote.of(text) + " is none that this version knows");
    }

    private static @Nullable Double number(@Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            double value = Double.parseDouble(text);
            return Double.isFinite(value) ? value : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /**
     * In names {@code %}, {@code ,} and {@code =} are percent-encoded. A foreign writer's may not be: a pair ends where
     * what follows its last '=' is a number.
     */
    private static List<FieldBits> fields(@Nullable String text) {
        List<FieldBits> result = new ArrayList<>();
        if (text == null || text.isEmpty()) {
            return result;
        }
        StringBuilder pair = new StringBuilder();
        for (String piece : text.split(",", -1)) {
            pair.append(pair.isEmpty() ? "" : ",").append(piece);
            int equals = pair.lastIndexOf("=");
            Double bits = equals < 0 ? null : number(pair.substring(equals + 1));
            if (bits != null && result.size() < MAX_FIELDS) {
                result.add(new FieldBits(decoded(pair.substring(0, equals)), bits));
                pair.setLength(0);
            }
        }
        return result;
    }

    private static String decoded(String name) {
        return name.replace("%2C", ",").replace("%3D", "=").replace("%25", "%");
    }
}
