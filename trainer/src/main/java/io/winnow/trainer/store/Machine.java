package io.winnow.trainer.store;

import io.winnow.trainer.learn.Devices;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a training's bits depend on beside its rows, seed and code: PyTorch chooses its kernels by CPU, and sums in an
 * order that depends on threads.
 *
 * @param cpu the CPU's family, like {@code amd64 GenuineIntel 6/143}
 * @param device that PyTorch computed on, like {@code cpu()}
 * @param threads that one operation used
 */
public record Machine(String cpu, String device, int threads) {
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

    /** The machine that this process runs on, with PyTorch as it is set here. */
    public static Machine here() {
        return new Machine(cpuFamily(), Devices.chosen().toString(), Devices.threads());
    }

    /** The CPU's family; only its architecture where the system tells no more. */
    public static String cpuFamily() {
        String architecture = System.getProperty("os.arch", "unknown");
        try (Stream<String> lines = Files.lines(CPU_INFO, StandardCharsets.ISO_8859_1)) {
            return (architecture + family(lines)).strip();
        } catch (IOException | java.io.UncheckedIOException e) {
            return architecture;
        }
    }

    /** Of the first processor that these lines of Linux's {@code cpuinfo} describe; empty if they do not. */
    static String family(Stream<String> lines) {
        Map<String, String> fields = new HashMap<>();
        lines.takeWhile(line -> !line.isBlank()).forEach(line -> {
            int colon = line.indexOf(':');
            if (colon > 0) {
                fields.put(
                        line.substring(0, colon).strip(),
                        line.substring(colon + 1).strip());
            }
        });
        String vendor = fields.getOrDefault("vendor_id", fields.get("CPU implementer"));
        String family = fields.getOrDefault("cpu family", fields.get("CPU architecture"));
        String model = fields.getOrDefault("model", fields.get("CPU part"));
        return vendor == null || family == null || model == null ? "" : " " + vendor + " " + family + "/" + model;
    }
}
