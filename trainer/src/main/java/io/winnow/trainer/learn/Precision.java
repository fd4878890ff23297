package io.winnow.trainer.learn;

import ai.djl.Device;
import io.winnow.trainer.archive.ModelSpec.Shape;

/** In which numbers hidden layers multiply while training. Weights, optimizer and answers are float32 in all of them. */
public enum Precision {
    /** bfloat16 on a GPU for networks wide enough to gain by it, else float32. */
    AUTO,
    /** float32; on a GPU its matrix products are TF32 where the process allows it, see {@link Devices}. */
    FLOAT32,
    /** bfloat16: 8 bits of precision, the range of float32. */
    BFLOAT16;

    /** Narrower networks spend their time in casts and launches, not in products. */
    private static final int WIDE = 1024;

    /** Whether this means bfloat16 for such a network on such a device. */
    boolean isLow(Shape shape, Device device) {
        return this == BFLOAT16 || this == AUTO && device.isGpu() && shape.hidden() >= WIDE;
    }
}
