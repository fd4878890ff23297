package io.winnow.monitoring.topology;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * A change of the stream's regime, as the desk's partitions are told of it.
 *
 * @param began when the stream was last seen steady before it, milliseconds since 1970
 * @param ended when the profile fitted again; {@value #LASTS} while it has not
 * @param judgedBy names ({@link #name}) of the profiles that judged while it lasted; empty until it has ended
 * @param profile the profile that it ended with, encoded; empty until then
 */
record Change(long began, long ended, Set<Long> judgedBy, byte[] profile) {
    static final long LASTS = -1;

    Change {
        judgedBy = Set.copyOf(judgedBy);
    }

    static Change begins(long began) {
        return new Change(began, LASTS, Set.of(), new byte[0]);
    }

    boolean hasEnded() {
        return ended != LASTS;
    }

    /** The same with more profiles: one that ended before it, whose cases have not all been judged again. */
    Change with(Set<Long> more) {
        Set<Long> all = new LinkedHashSet<>(judgedBy);
        all.addAll(more);
        return new Change(began, ended, all, profile);
    }

    /** Whether the profile of this hash judged while it lasted. */
    boolean wasJudgedBy(String hash) {
        return hash.length() >= 16 && isHex(hash) && judgedBy.contains(name(hash));
    }

    private static boolean isHex(String hash) {
        return hash.chars().limit(16).allMatch(HexFormat::isHexDigit);
    }

    /**
     * A profile's name in short: the first eight bytes of its hash, enough to tell some ten thousand apart.
     *
     * @throws IllegalArgumentException if the text does not begin like a hash
     */
    static long name(String hash) {
        if (hash.length() < 16 || !isHex(hash)) {
            throw new IllegalArgumentException("not a profile's hash");
        }
        return Long.parseUnsignedLong(hash, 0, 16, 16);
    }

    byte[] encode() {
        ByteBuffer bytes = ByteBuffer.allocate(8 + 8 + 4 + 8 * judgedBy.size() + profile.length)
                .putLong(began)
                .putLong(ended)
                .putInt(judgedBy.size());
        judgedBy.stream().sorted().forEach(bytes::putLong);
        return bytes.put(profile).array();
    }

    /**
     * Reads {@link #encode()} back.
     *
     * @throws IllegalArgumentException if the bytes are no change
     */
    static Change decode(byte[] encoded) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(encoded);
            long began = bytes.getLong();
            long ended = bytes.getLong();
            int profiles = bytes.getInt();
            Set<Long> judgedBy = new LinkedHashSet<>();
            for (int i = 0; i < profiles; i++) {
                judgedBy.add(bytes.getLong());
            }
            byte[] profile = new byte[bytes.remaining()];
            bytes.get(profile);
            return new Change(began, ended, judgedBy, profile);
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("a change of regime is cut short", e);
        }
    }
}
