package io.winnow.app.system;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.winnow.app.Failure;
import io.winnow.app.Winnow;
import io.winnow.trainer.Reproduction;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Trains a model again in a process of its own: PyTorch's threads are set once in a process, and it may abort. */
public final class ReproductionProcess {
    private static final ObjectMapper JSON = new ObjectMapper();

    private ReproductionProcess() {}

    /**
     * What the process is told, as one line of JSON on its standard input; its answer is the last line of its standard
     * output.
     *
     * @param models the model store
     * @param stream the stream's name
     * @param id of the model
     * @param kafka client settings
     * @param cache where PyTorch is unpacked
     */
    public record Order(String models, String stream, String id, Map<String, String> kafka, String cache) {
        public Order {
            kafka = Map.copyOf(kafka);
        }
    }

    /**
     * Runs it to its end.
     *
     * @throws Failure if it fails; the line says why
     */
    public static Reproduction.Result run(Order order, int memoryMiB) {
        try {
            Path errors = Files.createTempFile("winnow-reproduction", ".err");
            try {
                return run(order, memoryMiB, errors);
            } finally {
                Files.deleteIfExists(errors);
            }
        } catch (IOException e) {
            throw new Failure("the process that trains again did not work: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure("interrupted before the training had ended", e);
        }
    }

    private static Reproduction.Result run(Order order, int memoryMiB, Path errors)
            throws IOException, InterruptedException {
        Process process = new ProcessBuilder(List.of(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xmx" + memoryMiB + "m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Winnow.class.getName(),
                        "reproduction"))
                .redirectError(errors.toFile())
                .start();
        String last = "";
        int status;
        try {
            try (OutputStream in = process.getOutputStream()) {
                in.write(JSON.writeValueAsBytes(order));
            }
            try (BufferedReader out =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                for (String line = out.readLine(); line != null; line = out.readLine()) {
                    last = line;
                }
            }
            status = process.waitFor();
        } finally {
            // Whoever stops waiting reads no answer.
            process.destroy();
        }
        if (status != 0) {
            String said = Files.readString(errors).strip().lines().reduce("", (a, b) -> b);
            throw new Failure("the training could not be repeated (exit " + status + ")"
                    + (said.isEmpty() ? "" : ": " + said.replaceFirst("^winnow: ", "")));
        }
        return JSON.readValue(last, Reproduction.Result.class);
    }
}
