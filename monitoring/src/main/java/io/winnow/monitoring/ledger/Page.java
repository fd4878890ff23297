package io.winnow.monitoring.ledger;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.roaringbitmap.RoaringBitmap;

/** A page of an account: which of {@link #SIZE} neighbouring raw offsets are records, and which have a verdict where. */
final class Page {
    /** Small enough that a page can be written anew for each record, and stays below 8 KiB whatever is in it. */
    static final int SIZE = 1 << 10;

    final RoaringBitmap raw;
    final RoaringBitmap clean;
    final RoaringBitmap quarantine;
    /** Whether it has changed since it was written. */
    boolean dirty;

    Page() {
        this(new RoaringBitmap(), new RoaringBitmap(), new RoaringBitmap());
    }

    private Page(RoaringBitmap raw, RoaringBitmap clean, RoaringBitmap quarantine) {
        this.raw = raw;
        this.clean = clean;
        this.quarantine = quarantine;
    }

    static long index(long offset) {
        return offset / SIZE;
    }

    static int bit(long offset) {
        return (int) (offset % SIZE);
    }

    RoaringBitmap side(Side side) {
        return side == Side.CLEAN ? clean : quarantine;
    }

    boolean isJudged(int bit) {
        return clean.contains(bit) || quarantine.contains(bit);
    }

    RoaringBitmap judged() {
        return RoaringBitmap.or(clean, quarantine);
    }

    byte[] encode() {
        List<RoaringBitmap> all = List.of(raw, clean, quarantine);
        int bytes = 0;
        for (RoaringBitmap bits : all) {
            bits.runOptimize();
            bytes += bits.serializedSizeInBytes();
        }
        ByteBuffer buffer = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        all.forEach(bits -> bits.serialize(buffer));
        return buffer.array();
    }

    static Page decode(byte[] encoded) {
        ByteBuffer buffer = ByteBuffer.wrap(encoded).order(ByteOrder.LITTLE_ENDIAN);
        return new Page(Bitmaps.read(buffer), Bitmaps.read(buffer), Bitmaps.read(buffer));
    }
}
