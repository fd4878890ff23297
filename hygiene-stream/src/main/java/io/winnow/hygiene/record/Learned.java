package io.winnow.hygiene.record;

import io.winnow.core.review.Decision;
import org.jspecify.annotations.Nullable;

/**
 * What the merger is told. A Flink POJO: sealed types do not cross an edge without Kryo, so the kind is an enum.
 *
 * @param kind what the bytes are
 * @param from the judging subtask; −1 where it comes from an operator's decision
 * @param id the raw record's {@code dq.id} ({@link Kind#DECIDED} only, else empty)
 * @param action what was decided ({@link Kind#DECIDED} only, else null)
 * @param bytes as the kind says
 */
public record Learned(Kind kind, int from, String id, Decision.@Nullable Action action, byte @Nullable [] bytes) {
    /** Kinds of messages. */
    public enum Kind {
        /** A raw value that is held until there is a first profile; empty for a tombstone. */
        SAMPLE,
        /** An encoded {@link io.winnow.core.hygiene.Summary}. */
        SUMMARY,
        /** This subtask's input is over. No bytes. */
        ENDED,
        /** An operator decided: the raw value, or null where it is gone. */
        DECIDED
    }

    /** A held raw value. */
    public static Learned sample(int from, byte @Nullable [] value) {
        return new Learned(Kind.SAMPLE, from, "", null, value == null ? new byte[0] : value);
    }

    /** An encoded summary. */
    public static Learned summary(int from, byte[] summary) {
        return new Learned(Kind.SUMMARY, from, "", null, summary);
    }

    /** The end of a subtask's input. */
    public static Learned ended(int from) {
        return new Learned(Kind.ENDED, from, "", null, null);
    }

    /** A decision on a record, with its raw value; null where that is gone. */
    public static Learned decided(String id, Decision.Action action, byte @Nullable [] value) {
        return new Learned(Kind.DECIDED, -1, id, action, value);
    }
}
