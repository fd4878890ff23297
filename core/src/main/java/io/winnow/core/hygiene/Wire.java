package io.winnow.core.hygiene;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The canonical encoding of profiles and summaries: one way to write each value, so that equal content has equal bytes. */
final class Wire {
    private Wire() {}

    /** Writes. */
    static final class Out {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 14);

        /** A signed integer, zigzag, seven bits a byte. */
        Out integer(long value) {
            long v = (value << 1) ^ (value >> 63);
            while ((v & ~0x7FL) != 0) {
                bytes.write((int) (v & 0x7F) | 0x80);
                v >>>= 7;
            }
            bytes.write((int) v);
            return this;
        }

        Out real(double value) {
            bytes.writeBytes(ByteBuffer.allocate(8).putDouble(value).array());
            return this;
        }

        Out text(String value) {
            byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
            integer(utf8.length);
            bytes.writeBytes(utf8);
            return this;
        }

        Out reals(double[] values) {
            integer(values.length);
            for (double v : values) {
                real(v);
            }
            return this;
        }

        /** Integers, runs of zeros shortened to their length. */
        Out sparse(int[] values) {
            integer(values.length);
            int i = 0;
            while (i < values.length) {
                int zeros = i;
                while (zeros < values.length && values[zeros] == 0) {
                    zeros++;
                }
                integer(zeros - i);
                if (zeros < values.length) {
                    integer(values[zeros]);
                }
                i = zeros + 1;
            }
            return this;
        }

        Out integers(long[] values) {
            integer(values.length);
            for (long v : values) {
                integer(v);
            }
            return this;
        }

        byte[] toBytes() {
            return bytes.toByteArray();
        }
    }

    /** Reads; every length is checked against what is left, so that hostile bytes cannot claim memory. */
    static final class In {
        private final ByteBuffer bytes;

        In(byte[] bytes) {
            this.bytes = ByteBuffer.wrap(bytes);
        }

        long integer() {
            long v = 0;
            for (int shift = 0; shift < 64; shift += 7) {
                byte b = next();
                v |= (b & 0x7FL) << shift;
                if (b >= 0) {
                    return (v >>> 1) ^ -(v & 1);
                }
            }
            throw new IllegalArgumentException("an integer of more than 64 bits");
        }

        int count(int max) {
            long n = integer();
            if (n < 0 || n > max) {
                throw new IllegalArgumentException("a count of " + n + " where at most " + max + " is meant");
            }
            return (int) n;
        }

        double real() {
            try {
                return bytes.getDouble();
            } catch (BufferUnderflowException e) {
                throw truncated(e);
            }
        }

        String text(int max) {
            int n = count(Math.min(max, bytes.remaining()));
            byte[] utf8 = new byte[n];
            bytes.get(utf8);
            return new String(utf8, StandardCharsets.UTF_8);
        }

        double[] reals() {
            double[] values = new double[count(bytes.remaining() / 8)];
            for (int i = 0; i < values.length; i++) {
                values[i] = real();
            }
            return values;
        }

        void sparse(int[] into) {
            if (integer() != into.length) {
                throw new IllegalArgumentException("a table of another size");
            }
            java.util.Arrays.fill(into, 0);
            int i = 0;
            while (i < into.length) {
                i += count(into.length - i);
                if (i < into.length) {
                    into[i++] = Math.toIntExact(integer());
                }
            }
        }

        void integers(long[] into) {
            if (integer() != into.length) {
                throw new IllegalArgumentException("a table of another size");
            }
            for (int i = 0; i < into.length; i++) {
                into[i] = integer();
            }
        }

        void end() {
            if (bytes.hasRemaining()) {
                throw new IllegalArgumentException(bytes.remaining() + " bytes too many");
            }
        }

        private byte next() {
            try {
                return bytes.get();
            } catch (BufferUnderflowException e) {
                throw truncated(e);
            }
        }

        private static IllegalArgumentException truncated(BufferUnderflowException e) {
            return new IllegalArgumentException("the bytes end too early", e);
        }
    }
}
