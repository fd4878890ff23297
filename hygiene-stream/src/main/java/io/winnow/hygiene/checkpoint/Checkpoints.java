package io.winnow.hygiene.checkpoint;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Finds what a stream's job can go on from, complete where {@code _metadata} is there: retained checkpoints,
 * {@code DIRECTORY/JOB/chk-N}, and savepoints, {@code DIRECTORY/savepoints/savepoint-...}.
 */
public final class Checkpoints {
    private static final String METADATA = "_metadata";
    private static final String CHECKPOINT = "chk-";
    private static final Pattern CHECKPOINTS = Pattern.compile(CHECKPOINT + "\\d{1,18}");
    private static final Pattern SAVEPOINTS = Pattern.compile("savepoint-[0-9a-f-]+");

    /** A job that runs removes one once it has a newer: whoever saw the old one go, and the new one not yet, looks again. */
    private static final int LOOKS = 20;

    private Checkpoints() {}

    /**
     * The newest complete one: the highest number, because every start goes on from the last one, and its numbers with it;
     * then the youngest, for a clock may jump.
     *
     * @param directory one stream's own
     * @return empty where there is none, or no such directory
     * @throws UncheckedIOException if the directory, or a savepoint in it, cannot be read
     */
    public static Optional<Path> newest(Path directory) {
        Optional<Path> found = Optional.empty();
        for (int look = 1; look <= LOOKS && found.isEmpty(); look++) {
            try {
                found = look(directory);
            } catch (UncheckedIOException e) {
                if (look == LOOKS || !(e.getCause() instanceof NoSuchFileException)) {
                    throw e;
                }
            }
        }
        return found;
    }

    private static Optional<Path> look(Path directory) {
        if (!Files.isDirectory(directory)) {
            return Optional.empty();
        }
        try (Stream<Path> paths = Files.find(directory, 2, (path, file) -> file.isDirectory() && isComplete(path))) {
            return paths.max(Comparator.comparingLong(Checkpoints::number).thenComparing(Checkpoints::completed));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where savepoints go, so that {@link #newest} finds them. */
    public static Path savepoints(Path directory) {
        return directory.resolve("savepoints");
    }

    private static boolean isComplete(Path path) {
        String name = path.getFileName().toString();
        if (!CHECKPOINTS.matcher(name).matches() && !SAVEPOINTS.matcher(name).matches()) {
            return false;
        }
        try {
            return Files.size(path.resolve(METADATA)) > 0;
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether this is a savepoint: somebody asked for it, so that it is theirs and stays. */
    public static boolean isSavepoint(Path path) {
        return SAVEPOINTS.matcher(path.getFileName().toString()).matches();
    }

    private static long number(Path path) {
        return isSavepoint(path)
                ? numberInside(path)
                : Long.parseLong(path.getFileName().toString().substring(CHECKPOINT.length()));
    }

    /** A savepoint's name does not tell when it was taken; what is in it does. */
    private static long numberInside(Path savepoint) {
        try (DataInputStream in =
                new DataInputStream(new BufferedInputStream(Files.newInputStream(savepoint.resolve(METADATA))))) {
            return org.apache.flink.runtime.checkpoint.Checkpoints.loadCheckpointMetadata(
                            in, Checkpoints.class.getClassLoader(), savepoint.toString())
                    .getCheckpointId();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static FileTime completed(Path checkpoint) {
        try {
            return Files.getLastModifiedTime(checkpoint.resolve(METADATA));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
