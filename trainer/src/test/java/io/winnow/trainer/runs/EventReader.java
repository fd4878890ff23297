package io.winnow.trainer.runs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;

/** Reads an event file as its format is described, checksums included; knows nothing of how ours is written. */
final class EventReader {
    private EventReader() {}

    /** A message: for each field's number, its values: Long, Double (fixed64), Float (fixed32) or ByteBuffer. */
    record Message(Map<Integer, List<Object>> fields) {
        Object one(int field) {
            assertThat(fields.get(field)).as("field " + field).hasSize(1);
            return fields.get(field).get(0);
        }

        List<Object> all(int field) {
            return fields.getOrDefault(field, List.of());
        }

        String text(int field) {
            return StandardCharsets.UTF_8
                    .decode(((ByteBuffer) one(field)).duplicate())
                    .toString();
        }

        Message message(int field) {
            return parse((ByteBuffer) one(field));
        }

        double[] packed(int field) {
            ByteBuffer bytes = ((ByteBuffer) one(field)).duplicate().order(ByteOrder.LITTLE_ENDIAN);
            double[] values = new double[bytes.remaining() / 8];
            bytes.asDoubleBuffer().get(values);
            return values;
        }
    }

    static List<Message> read(Path file) throws IOException {
        ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        List<Message> events = new ArrayList<>();
        while (in.hasRemaining()) {
            byte[] length = new byte[8];
            in.get(length);
            assertThat(in.getInt()).isEqualTo(mask(length));
            byte[] data = new byte
                    [(int) ByteBuffer.wrap(length)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .getLong()];
            in.get(data);
            assertThat(in.getInt()).isEqualTo(mask(data));
            events.add(parse(ByteBuffer.wrap(data)));
        }
        return events;
    }

    private static int mask(byte[] data) {
        CRC32C crc = new CRC32C();
        crc.update(data);
        long c = crc.getValue();
        return (int) (((c >> 15) | (c << 17)) + 0xa282ead8L);
    }

    static Message parse(ByteBuffer bytes) {
        ByteBuffer in = bytes.duplicate().order(ByteOrder.LITTLE_ENDIAN);
        Map<Integer, List<Object>> fields = new LinkedHashMap<>();
        while (in.hasRemaining()) {
            long tag = varint(in);
            Object value = switch ((int) (tag & 7)) {
                case 0 -> varint(in);
                case 1 -> in.getDouble();
                case 5 -> in.getFloat();
                case 2 -> {
                    int length = (int) varint(in);
                    ByteBuffer part = in.slice(in.position(), length);
                    in.position(in.position() + length);
                    yield part;
                }
                default -> throw new IllegalArgumentException("wire type " + (tag & 7));
            };
            fields.computeIfAbsent((int) (tag >> 3), f -> new ArrayList<>()).add(value);
        }
        return new Message(fields);
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte b = in.get();
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return value;
            }
        }
    }
}
