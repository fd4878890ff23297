package io.winnow.monitoring.ledger.live;

import io.winnow.monitoring.ledger.Account;
import io.winnow.monitoring.ledger.Side;
import io.winnow.monitoring.ledger.Sighting;
import java.nio.ByteBuffer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.jspecify.annotations.Nullable;

/**
 * What an account is told, some bytes for each record of the three topics.
 *
 * @param side where it was sighted; null for raw itself
 * @param home whether the topic's partition has the raw partition's number
 * @param sighting of the raw record
 */
record LedgerEvent(@Nullable Side side, boolean home, Sighting sighting) {
    private static final int HOME = 4;
    private static final int RELEASED = 8;
    private static final int REPLAYED = 16;
    private static final int IN_PARTS = 32;
    private static final int SIDES = 3;

    static LedgerEvent raw(int partition, long offset) {
        return new LedgerEvent(null, true, new Sighting(partition, offset, false, 1, 1, false));
    }

    void tell(Account account, long rawEnd) {
        if (side == null) {
            account.raw(sighting.offset());
        } else {
            account.sighted(side, sighting, home, rawEnd);
        }
    }

    static Serde<LedgerEvent> serde() {
        return Serdes.serdeFrom((topic, event) -> event.encode(), (topic, bytes) -> decode(bytes));
    }

    private byte[] encode() {
        boolean inParts = sighting.parts() > 1;
        ByteBuffer b = ByteBuffer.allocate(1 + Integer.BYTES + Long.BYTES + (inParts ? 2 * Integer.BYTES : 0));
        b.put((byte) ((side == null ? 0 : 1 + side.ordinal())
                | (home ? HOME : 0)
                | (sighting.released() ? RELEASED : 0)
                | (sighting.replayed() ? REPLAYED : 0)
                | (inParts ? IN_PARTS : 0)));
        b.putInt(sighting.partition()).putLong(sighting.offset());
        if (inParts) {
            b.putInt(sighting.part()).putInt(sighting.parts());
        }
        return b.array();
    }

    private static LedgerEvent decode(byte[] bytes) {
        ByteBuffer b = ByteBuffer.wrap(bytes);
        int flags = b.get();
        int side = flags & SIDES;
        boolean inParts = (flags & IN_PARTS) != 0;
        return new LedgerEvent(
                side == 0 ? null : Side.values()[side - 1],
                (flags & HOME) != 0,
                new Sighting(
                        b.getInt(),
                        b.getLong(),
                        (flags & RELEASED) != 0,
                        inParts ? b.getInt() : 1,
                        inParts ? b.getInt() : 1,
                        (flags & REPLAYED) != 0));
    }
}
