package io.winnow.hygiene;

import io.winnow.core.contract.Contract;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * How the job of one stream runs.
 *
 * @param contract the stream's contract
 * @param kafka plain Kafka client properties, {@code bootstrap.servers} at least
 * @param parallelism judging subtasks, at least 1
 * @param checkpointInterval between checkpoints; with {@code exactlyOnce} also how late records are seen under
 *     read_committed; at least 10 ms
 * @param exactlyOnce whether output is transactional; else a restart may repeat records
 * @param checkpointDir this stream's own directory for checkpoints, on storage that all machines of the job see
 * @param seed of this run, for its records; the job itself has no randomness
 */
public record HygieneConfig(
        Contract contract,
        Map<String, String> kafka,
        int parallelism,
        Duration checkpointInterval,
        boolean exactlyOnce,
        Path checkpointDir,
        long seed) {

    public HygieneConfig {
        kafka = Map.copyOf(kafka);
        if (kafka.getOrDefault("bootstrap.servers", "").isBlank()) {
            throw new IllegalArgumentException("kafka needs 'bootstrap.servers': host:port of at least one broker");
        }
        if (parallelism < 1) {
            throw new IllegalArgumentException("parallelism must be at least 1, not " + parallelism);
        }
        if (checkpointInterval.toMillis() < 10) {
            throw new IllegalArgumentException(
                    "the checkpoint interval must be at least 10 ms, not " + checkpointInterval.toMillis() + " ms");
        }
        checkpointDir = checkpointDir.toAbsolutePath().normalize();
    }

    // Secrets among the client properties stay out of logs.
    @Override
    public String toString() {
        return "hygiene of " + contract.stream() + " on " + kafka.get("bootstrap.servers");
    }

    /** The consumer group that offsets are committed to on each completed checkpoint. */
    public String groupId() {
        return "winnow-hygiene-" + contract.stream();
    }

    /** Where records are kept that no topic takes: beside the checkpoints. */
    public Path sideDirectory() {
        return checkpointDir.resolveSibling(checkpointDir.getFileName() + "-too-large");
    }
}
