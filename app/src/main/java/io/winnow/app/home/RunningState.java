package io.winnow.app.home;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What runs on a data directory, for other commands to find: {@code running.json}.
 *
 * @param pid the process
 * @param startedMillis when the process started, as the operating system tells it: a reused pid starts later
 * @param bootstrap Kafka's address
 * @param streams the streams' names
 * @param addresses what listens where: a name for a person to an URL
 */
public record RunningState(
        long pid, long startedMillis, String bootstrap, List<String> streams, Map<String, String> addresses) {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    public RunningState {
        streams = List.copyOf(streams);
        addresses = Map.copyOf(addresses);
    }

    /** The state of this process. */
    public static RunningState ofThisProcess(String bootstrap, List<String> streams, Map<String, String> addresses) {
        ProcessHandle self = ProcessHandle.current();
        return new RunningState(self.pid(), startMillis(self), bootstrap, streams, addresses);
    }

    /** What was written last, if anything that can be read. */
    public static Optional<RunningState> read(Path root) {
        try {
            return Optional.of(JSON.readValue(file(root).toFile(), RunningState.class));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Writes it whole or not at all. */
    public void write(Path root) {
        try {
            Path half = root.resolve("running.json.part");
            Files.write(half, JSON.writeValueAsBytes(this));
            Files.move(half, file(root), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (JacksonException e) {
            throw new IllegalStateException("a record of plain values is JSON", e);
        } catch (IOException e) {
            throw DataDirectory.unusable(root, e);
        }
    }

    /** Forgets it: nothing runs any more. */
    public static void clear(Path root) {
        try {
            Files.deleteIfExists(file(root));
        } catch (IOException e) {
            throw DataDirectory.unusable(root, e);
        }
    }

    /** The process, if it is the one that wrote this and still lives. */
    public Optional<ProcessHandle> process() {
        return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).filter(p -> startMillis(p) == startedMillis);
    }

    private static long startMillis(ProcessHandle process) {
        return process.info()
                .startInstant()
                .map(java.time.Instant::toEpochMilli)
                .orElse(0L);
    }

    private static Path file(Path root) {
        return root.toAbsolutePath().resolve("running.json");
    }
}
