package io.winnow.app.explain;

import io.winnow.core.row.Reason;
import io.winnow.core.topic.RecordId;
import org.jspecify.annotations.Nullable;

/**
 * A record and the verdict that it got.
 *
 * @param id of the raw record
 * @param value its bytes; null for a tombstone
 * @param foundOn the topic that the bytes were read from: raw, or where the verdict lies if raw no longer has it
 * @param profile hash of the profile that judged it
 * @param reason why it is quarantined; null where it is clean
 * @param detail the verdict's line for a person; empty where it is clean
 * @param context the header {@code dq.context}, as it is there; null where there is none
 * @param bits the very double of {@code dq.bits}; NaN where it was not scored
 */
public record JudgedRecord(
        RecordId id,
        byte @Nullable [] value,
        String foundOn,
        String profile,
        @Nullable Reason reason,
        String detail,
        @Nullable String context,
        double bits) {}
