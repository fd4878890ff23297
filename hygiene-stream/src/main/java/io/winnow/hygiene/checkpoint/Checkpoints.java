package io.winnow.hygiene.checkpoint;

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

/** Finds retained checkpoints: {@code DIRECTORY/JOB/chk-N}, complete where {@code _metadata} is there. */
public final class Checkpoints {
    private static final String METADATA = "_metadata";
    private static final Pattern NAME = Pattern.compile("chk-\\d{1,18}");

    private Checkpoints() {}

    /**
     * The newest complete checkpoint: the highest number, because every start goes on from the last one, and its
     * numbers with it; then the youngest, for a clock may jump.
     *
     * @param directory one stream's own
     * @return empty where there is none, or no such directory
     * @throws UncheckedIOException if the directory cannot be read
     */
    public static Optional<Path> newest(Path directory) {
        if (!Files.isDirectory(directory)) {
            return Optional.empty();
        }
        try (Stream<Path> paths = Files.find(directory, 2, (path, file) -> file.isDirectory() && isComplete(path))) {
            return paths.max(Comparator.comparingLong(Checkpoints::number).thenComparing(Checkpoints::completed));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isComplete(Path path) {
        if (!NAME.matcher(path.getFileName().toString()).matches()) {
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

    private static long number(Path checkpoint) {
        return Long.parseLong(checkpoint.getFileName().toString().substring("chk-".length()));
    }

    private static FileTime completed(Path checkpoint) {
        try {
            return Files.getLastModifiedTime(checkpoint.resolve(METADATA));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
