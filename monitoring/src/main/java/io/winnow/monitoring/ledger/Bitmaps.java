package io.winnow.monitoring.ledger;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.roaringbitmap.RoaringBitmap;

/** Roaring bitmaps as bytes, in their portable format. */
final class Bitmaps {
    private Bitmaps() {}

    static byte[] write(RoaringBitmap bits) {
        bits.runOptimize();
        ByteBuffer buffer = ByteBuffer.allocate(bits.serializedSizeInBytes()).order(ByteOrder.LITTLE_ENDIAN);
        bits.serialize(buffer);
        return buffer.array();
    }

    /** Reads one, and goes on to what lies behind it. */
    static RoaringBitmap read(ByteBuffer buffer) {
        RoaringBitmap bits = new RoaringBitmap();
        try {
            bits.deserialize(buffer.slice().order(ByteOrder.LITTLE_ENDIAN));
        } catch (IOException e) {
            throw new IllegalStateException("no bitmap: the ledger's store is damaged; remove its state directory", e);
        }
        buffer.position(buffer.position() + bits.serializedSizeInBytes());
        return bits;
    }

    static RoaringBitmap read(byte[] bytes) {
        return read(ByteBuffer.wrap(bytes));
    }
}
