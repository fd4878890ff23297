package io.winnow.monitoring.ledger;

import java.nio.ByteBuffer;

/** The sums of an account, and how far it is. Mutable; as bytes, a row of longs. */
final class AccountHead {
    private static final int LONGS = 20;
    private static final int NONE = -1;

    /** Pages before this index that are not in the store are closed: all that is left of them is in these sums. */
    long closedPages;
    /** Raw records read, and those of them on closed pages. */
    long seen;

    long closedSeen;
    /** The furthest raw offset that was read, or −1. */
    long rawLast = NONE;
    /** Raw records on closed pages that count, by their verdicts, and those that expired. */
    long raw;

    long clean;
    long quarantined;
    long expired;
    /** Of the whole account. */
    long released;

    long duplicated;
    long foreign;
    /** Records before this offset expired: retention may have removed their verdicts unread. */
    long start;
    /** By side: raw offset of the first and of the furthest verdict on the partition of the same number, or −1. */
    final long[] first = {NONE, NONE};

    final long[] last = {NONE, NONE};
    /** By side: up to where that partition was read. A group's offsets may be forgotten, and it be read from the start again. */
    final long[] next = {0, 0};
    /** By side: up to where that partition's verdicts are surely in the account, or −1. */
    final long[] through = {NONE, NONE};

    byte[] encode() {
        ByteBuffer b = ByteBuffer.allocate(LONGS * Long.BYTES);
        b.putLong(closedPages).putLong(seen).putLong(closedSeen).putLong(rawLast);
        b.putLong(raw).putLong(clean).putLong(quarantined).putLong(expired);
        b.putLong(released).putLong(duplicated).putLong(foreign).putLong(start);
        for (int s = 0; s < 2; s++) {
            b.putLong(first[s]).putLong(last[s]).putLong(next[s]).putLong(through[s]);
        }
        return b.array();
    }

    static AccountHead decode(byte[] encoded) {
        AccountHead h = new AccountHead();
        ByteBuffer b = ByteBuffer.wrap(encoded);
        h.closedPages = b.getLong();
        h.seen = b.getLong();
        h.closedSeen = b.getLong();
        h.rawLast = b.getLong();
        h.raw = b.getLong();
        h.clean = b.getLong();
        h.quarantined = b.getLong();
        h.expired = b.getLong();
        h.released = b.getLong();
        h.duplicated = b.getLong();
        h.foreign = b.getLong();
        h.start = b.getLong();
        for (int s = 0; s < 2; s++) {
            h.first[s] = b.getLong();
            h.last[s] = b.getLong();
            h.next[s] = b.getLong();
            h.through[s] = b.getLong();
        }
        return h;
    }
}
