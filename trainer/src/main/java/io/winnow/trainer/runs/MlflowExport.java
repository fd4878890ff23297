package io.winnow.trainer.runs;

import io.winnow.trainer.runs.RunEvent.Ended;
import io.winnow.trainer.runs.RunEvent.Passed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes runs as MLflow's file store keeps them: {@code EXPERIMENT/meta.yaml}, and for each run {@code meta.yaml},
 * {@code metrics/NAME} (lines of time, value, step), {@code params/NAME} and {@code tags/NAME}. An experiment is a
 * stream. Ids come from names, so exporting again writes the same files.
 */
public final class MlflowExport {
    /** MLflow's numbers for a run's status. */
    private static final int RUNNING = 1;

    private static final int FINISHED = 3;
    private static final int FAILED = 4;
    private static final int KILLED = 5;
    /** MLflow refuses longer values. */
    private static final int MAX_VALUE_CHARS = 6_000;

    private final Path root;

    /** An export to this directory, MLflow's tracking root ({@code mlruns}); made at need. */
    public MlflowExport(Path root) {
        this.root = root.toAbsolutePath().normalize();
    }

    /**
     * Writes one run.
     *
     * @return its directory
     * @throws IOException if it cannot be written
     */
    public Path write(Run run) throws IOException {
        String stream = run.started().stream();
        String experiment = experimentId(stream);
        Path folder = root.resolve(experiment);
        Files.createDirectories(folder);
        long start = millis(run.started().at());
        if (!Files.exists(folder.resolve("meta.yaml"))) {
            Map<String, Object> meta = new LinkedHashMap<>();
            meta.put("artifact_location", folder.toUri().toString());
            meta.put("creation_time", start);
            meta.put("experiment_id", experiment);
            meta.put("last_update_time", start);
            meta.put("lifecycle_stage", "active");
            meta.put("name", stream);
            yaml(folder, meta);
        }
        String id = hash("run\n" + stream + '\n' + run.started().run()).substring(0, 32);
        Path directory = folder.resolve(id);
        Files.createDirectories(directory.resolve("artifacts"));
        yaml(directory, meta(run, experiment, id, start, directory));
        metrics(run, directory.resolve("metrics"));
        Map<String, String> parameters = new LinkedHashMap<>(run.started().hyperparameters());
        parameters.put("seed", Long.toString(run.started().seed()));
        parameters.put("rows", Integer.toString(run.started().rows()));
        values(directory.resolve("params"), parameters);
        Map<String, String> tags = new LinkedHashMap<>(run.started().tags());
        tags.put("mlflow.runName", run.started().run());
        tags.put("mlflow.source.name", "winnow");
        tags.put("winnow.version", run.started().codeVersion());
        run.ended().ifPresent(e -> tags.put("mlflow.note.content", e.sentence()));
        values(directory.resolve("tags"), tags);
        return directory;
    }

    private static Map<String, Object> meta(Run run, String experiment, String id, long start, Path directory) {
        Map<String, Object> meta = new LinkedHashMap<>();
        meta.put("artifact_uri", directory.resolve("artifacts").toUri().toString());
        run.ended().ifPresent(e -> meta.put("end_time", millis(e.at())));
        meta.put("entry_point_name", "");
        meta.put("experiment_id", experiment);
        meta.put("lifecycle_stage", "active");
        meta.put("run_id", id);
        meta.put("run_name", run.started().run());
        meta.put("run_uuid", id);
        meta.put("source_name", "");
        meta.put("source_type", 4);
        meta.put("source_version", "");
        meta.put("start_time", start);
        meta.put("status", run.ended().map(MlflowExport::status).orElse(RUNNING));
        meta.put("tags", List.of());
        meta.put("user_id", "winnow");
        return meta;
    }

    private static int status(Ended ended) {
        return switch (ended.end()) {
            case FINISHED, REJECTED -> FINISHED;
            case FAILED -> FAILED;
            case STOPPED -> KILLED;
        };
    }

    private static void metrics(Run run, Path directory) throws IOException {
        Map<String, List<String>> lines = new LinkedHashMap<>();
        for (Passed p : run.passes()) {
            metric(lines, "loss", p.at(), p.loss(), p.epoch());
            metric(lines, "validation", p.at(), p.validation(), p.epoch());
            metric(lines, "rate", p.at(), p.rate(), p.epoch());
            metric(lines, "seconds", p.at(), p.seconds(), p.epoch());
        }
        run.ended()
                .ifPresent(e -> e.scores()
                        .forEach((name, value) -> metric(
                                lines,
                                "score." + name,
                                e.at(),
                                value,
                                run.passes().size())));
        Files.createDirectories(directory);
        for (Map.Entry<String, List<String>> entry : lines.entrySet()) {
            Files.write(directory.resolve(fileName(entry.getKey())), entry.getValue());
        }
    }

    private static void metric(Map<String, List<String>> lines, String name, String at, double value, int step) {
        // As Python reads it: nan and inf, not Java's words.
        String text = Double.isFinite(value)
                ? Double.toString(value)
                : Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
        lines.computeIfAbsent(name, n -> new ArrayList<>()).add(millis(at) + " " + text + " " + step);
    }

    private static void values(Path directory, Map<String, String> values) throws IOException {
        Files.createDirectories(directory);
        for (Map.Entry<String, String> entry : values.entrySet()) {
            String value = entry.getValue();
            Files.writeString(
                    directory.resolve(fileName(entry.getKey())),
                    value.substring(0, Math.min(value.length(), MAX_VALUE_CHARS)));
        }
    }

    /** A name that stays in its directory and that MLflow takes. */
    private static String fileName(String name) {
        String safe = name.replaceAll("[^a-zA-Z0-9_.-]", "_");
        return safe.startsWith(".") || safe.isEmpty() ? "_" + safe : safe;
    }

    /** Digits, as MLflow makes them. */
    private static String experimentId(String stream) {
        return Long.toString(
                Long.parseUnsignedLong(hash("experiment\n" + stream).substring(0, 14), 16));
    }

    private static String hash(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static long millis(String at) {
        return Instant.parse(at).toEpochMilli();
    }

    private static void yaml(Path directory, Map<String, Object> values) throws IOException {
        StringBuilder text = new StringBuilder();
        values.forEach((key, value) ->
                text.append(key).append(": ").append(yaml(value)).append('\n'));
        Files.writeString(directory.resolve("meta.yaml"), text);
    }

    private static String yaml(Object value) {
        // YAML's single quotes know no escape but their own.
        return value instanceof String text ? "'" + text.replace("'", "''") + "'" : String.valueOf(value);
    }
}
