package io.winnow.trainer.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Debian's PyTorch, as another process. */
final class PlainPyTorch {
    static final Path PYTHON = Path.of("/usr/bin/python3");

    private PlainPyTorch() {}

    static void assumeThere(Path folder) throws Exception {
        boolean there = false;
        if (Files.isExecutable(PYTHON)) {
            Process process = new ProcessBuilder(PYTHON.toString(), "-c", "import torch")
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("probe").toFile())
                    .start();
            there = process.waitFor(60, TimeUnit.SECONDS) && process.exitValue() == 0;
        }
        assumeTrue(there, "/usr/bin/python3 has no torch: install python3-torch to run this");
    }

    /** What the command printed; fails with it where the command does. */
    static String run(List<String> command, Path folder) throws Exception {
        Path log = folder.resolve("log");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().put("PYTHONUTF8", "1");
        builder.environment().put("LC_ALL", "C.UTF-8");
        Process process = builder.start();
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        String output = Files.readString(log);
        assertThat(process.exitValue()).as(output).isZero();
        return output;
    }

    static void write(Path file, double[] values) throws IOException {
        ByteBuffer bytes = buffer(8 * values.length);
        bytes.asDoubleBuffer().put(values);
        Files.write(file, bytes.array());
    }

    static void write(Path file, long[] values) throws IOException {
        ByteBuffer bytes = buffer(8 * values.length);
        bytes.asLongBuffer().put(values);
        Files.write(file, bytes.array());
    }

    static void write(Path file, float[] values) throws IOException {
        ByteBuffer bytes = buffer(4 * values.length);
        bytes.asFloatBuffer().put(values);
        Files.write(file, bytes.array());
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
