package io.winnow.trainer.archive;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** What a TorchScript module can hold in an archive of ours. */
public sealed interface Attribute {

    /** The type in TorchScript. */
    String type();

    /**
     * A dense tensor.
     *
     * @param kind of its elements
     * @param shape its sizes; empty for a scalar
     * @param data its elements in row order, little-endian
     * @param parameter whether it is learned (a parameter) rather than fixed (a buffer)
     */
    record Tensor(Kind kind, List<Long> shape, byte[] data, boolean parameter) implements Attribute {
        public Tensor {
            shape = List.copyOf(shape);
            long elements = shape.stream().reduce(1L, Math::multiplyExact);
            if (elements * kind.bytes != data.length) {
                throw new IllegalArgumentException(
                        "a tensor of shape " + shape + " does not have " + data.length + " bytes");
            }
        }

        /** A learned float32 tensor. */
        public static Tensor parameter(float[] values, long... shape) {
            return floats(values, true, shape);
        }

        /** A fixed float32 tensor. */
        public static Tensor buffer(float[] values, long... shape) {
            return floats(values, false, shape);
        }

        /** A fixed float64 tensor of one dimension. */
        public static Tensor buffer(double[] values) {
            ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asDoubleBuffer().put(values);
            return new Tensor(Kind.DOUBLE, List.of((long) values.length), bytes.array(), false);
        }

        /** A fixed int64 tensor of one dimension. */
        public static Tensor buffer(long[] values) {
            ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asLongBuffer().put(values);
            return new Tensor(Kind.LONG, List.of((long) values.length), bytes.array(), false);
        }

        private static Tensor floats(float[] values, boolean parameter, long... shape) {
            ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asFloatBuffer().put(values);
            List<Long> sizes = java.util.Arrays.stream(shape).boxed().toList();
            return new Tensor(Kind.FLOAT, sizes, bytes.array(), parameter);
        }

        @Override
        public String type() {
            return "Tensor";
        }
    }

    /** True or false. */
    record Flag(boolean value) implements Attribute {
        @Override
        public String type() {
            return "bool";
        }
    }

    /**
     * For each category column, its values; a value's id is its position.
     *
     * @param values by column
     */
    record Vocabularies(List<List<String>> values) implements Attribute {
        public Vocabularies {
            values = values.stream().map(List::copyOf).toList();
        }

        @Override
        public String type() {
            return "List[Dict[str, int]]";
        }
    }

    /** Element types. */
    enum Kind {
        /** float32. */
        FLOAT("FloatStorage", 4),
        /** float64. */
        DOUBLE("DoubleStorage", 8),
        /** int64. */
        LONG("LongStorage", 8);

        final String storage;
        final int bytes;

        Kind(String storage, int bytes) {
            this.storage = storage;
            this.bytes = bytes;
        }
    }
}
