package io.winnow.hygiene.record;

import org.jspecify.annotations.Nullable;

/**
 * What the merger is told. A Flink POJO: sealed types do not cross an edge without Kryo, so the kind is an enum.
 *
 * @param kind what the bytes are
 * @param from the judging subtask; −1 where it comes from an operator's decision
 * @param id the raw record's {@code dq.id} ({@link Kind#DECIDED} only, else empty)
 * @param bytes as the kind says
 */
public record Learned(Kind kind, int from, String id, byte @Nullable [] bytes) {
    /** Kinds of messages. */
    public enum Kind {
        /** A raw value that is held until there is a first profile; empty for a tombstone. */
        SAMPLE,
        /** An encoded {@link io.winnow.core.hygiene.Summary}. */
        SUMMARY,
        /** This subtask's input is over. No bytes. */
        ENDED,
        /** An operator decided: the raw value if it is to be learned, else null. */
        DECIDED
    }

    /** A held raw value. */
    public static Learned sample(int from, byte @Nullable [] value) {
        return new Learned(Kind.SAMPLE, from, "", value == null ? new byte[0] : value);
    }

    /** An encoded summary. */
    public static Learned summary(int from, byte[] summary) {
        return new Learned(Kind.SUMMARY, from, "", summary);
    }

    /** The end of a subtask's input. */
    public static Learned ended(int from) {
        return new Learned(Kind.ENDED, from, "", null);
    }

    /** A decision on a record, with its raw value if it is to be learned. */
    public static Learned decided(String id, byte @Nullable [] value) {
        return new Learned(Kind.DECIDED, -1, id, value);
    }
}
