package io.winnow.trainer.runs;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * A TensorBoard event file: TFRecords (length, masked CRC-32C of the length, data, masked CRC-32C of the data), each an
 * {@code Event} message with a {@code Summary}. Complete after every call. Not thread-safe.
 */
final class EventFile implements Closeable {
    /** TensorBoard looks for "tfevents" in names. */
    static final String PREFIX = "events.out.tfevents.";

    private static final String VERSION = "brain.Event:2";
    private static final int MASK = 0xa282ead8;

    private final OutputStream out;

    private EventFile(OutputStream out) {
        this.out = out;
    }

    /** Makes one in this directory, under a name that TensorBoard looks for. */
    static EventFile create(Path directory, Instant now) throws IOException {
        Path file = directory.resolve(PREFIX + now.getEpochSecond() + ".winnow");
        EventFile events = new EventFile(Files.newOutputStream(file, StandardOpenOption.CREATE_NEW));
        try {
            events.record(new Protobuf().number(1, seconds(now)).text(3, VERSION));
            return events;
        } catch (IOException e) {
            events.close();
            throw e;
        }
    }

    /** Numbers at this step. */
    void scalars(Instant now, long step, Map<String, Double> values) throws IOException {
        Protobuf summary = new Protobuf();
        values.forEach(
                (tag, value) -> summary.message(1, new Protobuf().text(1, tag).number(2, value.floatValue())));
        record(event(now, step, summary));
    }

    /** Histograms at this step. */
    void histograms(Instant now, long step, Map<String, Histogram> values) throws IOException {
        Protobuf summary = new Protobuf();
        values.forEach(
                (tag, h) -> summary.message(1, new Protobuf().text(1, tag).message(5, message(h))));
        record(event(now, step, summary));
    }

    private static Protobuf message(Histogram h) {
        return new Protobuf()
                .number(1, h.min())
                .number(2, h.max())
                .number(3, h.number())
                .number(4, h.sum())
                .number(5, h.squares())
                .numbers(6, h.bounds())
                .numbers(7, h.counts());
    }

    private static Protobuf event(Instant now, long step, Protobuf summary) {
        return new Protobuf().number(1, seconds(now)).number(2, step).message(5, summary);
    }

    private static double seconds(Instant now) {
        return now.getEpochSecond() + now.getNano() / 1e9;
    }

    private void record(Protobuf event) throws IOException {
        byte[] data = event.bytes();
        byte[] length = ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(data.length)
                .array();
        // In one call, so that a reader sees whole records and a kill cuts off the last one only.
        out.write(ByteBuffer.allocate(data.length + 16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(length)
                .putInt(masked(length))
                .put(data)
                .putInt(masked(data))
                .array());
    }

    /** The checksum of data that holds checksums: rotated and shifted, as TensorFlow's record writer does. */
    private static int masked(byte[] data) {
        CRC32C crc = new CRC32C();
        crc.update(data);
        return Integer.rotateRight((int) crc.getValue(), 15) + MASK;
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
