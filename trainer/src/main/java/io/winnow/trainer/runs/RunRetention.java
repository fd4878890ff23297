package io.winnow.trainer.runs;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps the records of a trainer that never ends from filling the disk. */
public final class RunRetention {
    private static final Logger LOG = LoggerFactory.getLogger(RunRetention.class);

    private RunRetention() {}

    private record Dated(Path directory, Instant started) {}

    /**
     * Deletes all runs at or below a directory but the newest ones, by when they started. Only what a {@link RunRecorder}
     * wrote is deleted; what cannot be read as a run stays.
     *
     * @param directory of runs; nothing happens where it is not there
     * @param newest how many to keep
     * @throws IOException if it cannot be listed, or a file cannot be deleted
     */
    public static void keep(Path directory, int newest) throws IOException {
        if (newest < 0) {
            throw new IllegalArgumentException("the runs to keep must be 0 or more, not " + newest);
        }
        if (!Files.isDirectory(directory)) {
            return;
        }
        List<Dated> runs = new ArrayList<>();
        for (Path run : Run.below(directory)) {
            try {
                runs.add(new Dated(run, Instant.parse(Run.read(run).started().at())));
            } catch (IOException e) {
                LOG.warn("{} is kept, for it cannot be read as a run: {}", run, e.getMessage());
            }
        }
        runs.sort(Comparator.comparing(Dated::started)
                .reversed()
                .thenComparing(Dated::directory, Comparator.reverseOrder()));
        for (Dated old : runs.subList(Math.min(newest, runs.size()), runs.size())) {
            delete(old.directory());
        }
    }

    private static void delete(Path run) throws IOException {
        try (DirectoryStream<Path> events = Files.newDirectoryStream(run, EventFile.PREFIX + "*")) {
            for (Path file : events) {
                Files.delete(file);
            }
        }
        // Last, so that a run half deleted is found again.
        Files.delete(run.resolve(Run.FILE));
        try {
            Files.delete(run);
        } catch (DirectoryNotEmptyException e) {
            LOG.debug("{} holds files of others", run);
        }
    }
}
