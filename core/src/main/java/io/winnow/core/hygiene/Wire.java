package io.winnow.core.hygiene;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** The canonical encoding of profiles and summaries: one way to write each value, so that equal content has equal bytes. */
final class Wire {
    /** No cell counts more: twice all that a profile remembers, so that a hostile one overflows nothing. */
    private static final int MAX_COUNT = 1 << 30;

    private static final VarHandle DOUBLE = MethodHandles.byteArrayViewVarHandle(double[].class, ByteOrder.BIG_ENDIAN);

    private Wire() {}

    /** Writes. */
    static final class Out {
        private static final int MAX_VARINT = 10;

        private byte[] bytes = new byte[1 << 14];
        private int size;

        /** A signed integer, zigzag, seven bits a byte. */
        Out integer(long value) {
            return unsigned((value << 1) ^ (value >> 63));
        }

        private Out unsigned(long value) {
            reserve(MAX_VARINT);
            long v = value;
            while ((v & ~0x7FL) != 0) {
                bytes[size++] = (byte) (v | 0x80);
                v >>>= 7;
            }
            bytes[size++] = (byte) v;
            return this;
        }

        Out real(double value) {
            reserve(Double.BYTES);
            DOUBLE.set(bytes, size, value);
            size += Double.BYTES;
            return this;
        }

        private void reserve(int more) {
            if (bytes.length - size < more) {
                bytes = Arrays.copyOf(bytes, 2 * bytes.length);
            }
        }

        /** UTF-16 units, seven bits a byte: unlike UTF-8, it keeps a lone surrogate, which JSON can spell. */
        Out text(String value) {
            integer(value.length());
            value.chars().forEach(this::unsigned);
            return this;
        }

        Out reals(double[] values) {
            integer(values.length);
            for (double v : values) {
                real(v);
            }
            return this;
        }

        /**
         * Counts: in turn the length of a run of zeros, the length of a run of others, and those.
         *
         * @param grain low bits, all zero, that are left out
         */
        Out sparse(int[] values, int grain) {
            integer(values.length);
            int i = 0;
            while (i < values.length) {
                int counts = i;
                while (counts < values.length && values[counts] == 0) {
                    counts++;
                }
                int end = counts;
                while (end < values.length && values[end] != 0) {
                    end++;
                }
                unsigned(counts - i).unsigned(end - counts);
                for (int j = counts; j < end; j++) {
                    unsigned(values[j] >> grain);
                }
                i = end;
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

        int size() {
            return size;
        }

        byte[] toBytes() {
            return Arrays.copyOf(bytes, size);
        }
    }

    /** Reads; every length is checked against what is left, so that hostile bytes cannot claim memory. */
    static final class In {
        private final ByteBuffer bytes;

        In(byte[] bytes) {
            this.bytes = ByteBuffer.wrap(bytes);
        }

        long integer() {
            long v = unsigned();
            return (v >>> 1) ^ -(v & 1);
        }

        private long unsigned() {
            long v = 0;
            for (int shift = 0; shift < 64; shift += 7) {
                byte b = next();
                v |= (b & 0x7FL) << shift;
                if (b >= 0) {
                    return v;
                }
            }
            throw new IllegalArgumentException("an integer of more than 64 bits");
        }

        int count(int max) {
            return (int) natural(max);
        }

        /** An integer from 0 to {@code max}. */
        long natural(long max) {
            return within(integer(), max);
        }

        private static long within(long n, long max) {
            if (n < 0 || n > max) {
                throw new IllegalArgumentException("a count of " + n + " where at most " + max + " is meant");
            }
            return n;
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
            StringBuilder text = new StringBuilder(n);
            for (int i = 0; i < n; i++) {
                long c = unsigned();
                if (c < 0 || c > Character.MAX_VALUE) {
                    throw new IllegalArgumentException("no character: " + c);
                }
                text.append((char) c);
            }
            return text.toString();
        }

        double[] reals() {
            double[] values = new double[count(bytes.remaining() / 8)];
            for (int i = 0; i < values.length; i++) {
                values[i] = real();
            }
            return values;
        }

        void sparse(int[] into, int grain) {
            if (integer() != into.length) {
                throw new IllegalArgumentException("a table of another size");
            }
            Arrays.fill(into, 0);
            int i = 0;
            while (i < into.length) {
                i += (int) within(unsigned(), into.length - i);
                int end = i + (int) within(unsigned(), into.length - i);
                if (i == end && i < into.length) {
                    throw new IllegalArgumentException("a run of nothing");
                }
                for (; i < end; i++) {
                    into[i] = (int) within(unsigned(), MAX_COUNT >> grain) << grain;
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
