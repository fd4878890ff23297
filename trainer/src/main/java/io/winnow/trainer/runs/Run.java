package io.winnow.trainer.runs;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.winnow.trainer.runs.RunEvent.Ended;
import io.winnow.trainer.runs.RunEvent.Passed;
import io.winnow.trainer.runs.RunEvent.Started;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One run as it is on disk.
 *
 * @param started what it was given
 * @param passes how it went
 * @param ended what came of it; empty where it goes on or was cut off
 */
public record Run(Started started, List<Passed> passes, Optional<Ended> ended) {
    /** The file that is the truth; everything else in a run's directory can be made from it or is for looking at. */
    public static final String FILE = "run.jsonl";

    private static final int DEPTH = 4;
    private static final ObjectMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    public Run {
        passes = List.copyOf(passes);
    }

    static String encode(RunEvent event) {
        try {
            return JSON.writeValueAsString(event);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record of plain values can always be written", e);
        }
    }

    /**
     * Reads a run. A last line without its end, from a process that was killed in the middle, is left out.
     *
     * @param directory of the run
     * @throws IOException if it cannot be read, or is no record of a run; the message says which line and why
     */
    public static Run read(Path directory) throws IOException {
        Path file = directory.resolve(FILE);
        String text = Files.readString(file);
        List<String> lines =
                text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
        List<RunEvent> events = new ArrayList<>();
        for (String line : lines) {
            try {
                events.add(JSON.readValue(line, RunEvent.class));
            } catch (JsonProcessingException e) {
                throw new IOException(file + ":" + (events.size() + 1) + ": is no line of a run's record", e);
            }
        }
        if (events.isEmpty() || !(events.get(0) instanceof Started started)) {
            throw new IOException(file + ":1: a run's record begins with what it was given");
        }
        List<Passed> passes = events.stream()
                .filter(Passed.class::isInstance)
                .map(Passed.class::cast)
                .toList();
        Optional<Ended> ended = Optional.of(events.get(events.size() - 1))
                .filter(Ended.class::isInstance)
                .map(Ended.class::cast);
        return new Run(started, passes, ended);
    }

    /**
     * Directories of runs at or below this one, in order of name.
     *
     * @throws IOException if it cannot be listed
     */
    public static List<Path> below(Path directory) throws IOException {
        try (Stream<Path> files = Files.find(
                directory,
                DEPTH,
                (path, attributes) -> attributes.isRegularFile()
                        && path.getFileName().toString().equals(FILE))) {
            return files.map(f -> f.toAbsolutePath().getParent()).sorted().toList();
        }
    }
}
