package io.winnow.app.cluster;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.winnow.app.Failure;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/** The files of a cluster below {@code DATA/cluster}: each is written whole or not at all, for its owner alone. */
final class ClusterFiles {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final String PLAN = "plan.json";
    private static final String STATE = "state.json";

    private ClusterFiles() {}

    /** Writes the plan. */
    static void write(Path home, ClusterPlan plan) {
        writeJson(home.resolve(PLAN), plan);
    }

    /** Writes the state. */
    static void write(Path home, ClusterState state) {
        writeJson(home.resolve(STATE), state);
    }

    /**
     * The plan, if one was ever made.
     *
     * @throws Failure if it cannot be read
     */
    static Optional<ClusterPlan> plan(Path home) {
        return read(home.resolve(PLAN), ClusterPlan.class);
    }

    /**
     * The state, as it was written last.
     *
     * @throws Failure if it cannot be read
     */
    static Optional<ClusterState> state(Path home) {
        return read(home.resolve(STATE), ClusterState.class);
    }

    /** Forgets the state: nothing runs. */
    static void clearState(Path home) {
        try {
            Files.deleteIfExists(home.resolve(STATE));
        } catch (IOException e) {
            throw unwritable(home, e);
        }
    }

    /** Makes a directory that only its owner can enter. */
    static void makeDirectory(Path directory) {
        try {
            Files.createDirectories(directory, ownerOnly("rwx------"));
        } catch (IOException e) {
            throw unwritable(directory, e);
        }
    }

    /** Writes a text for its owner alone. */
    static void writeText(Path file, String text) {
        try {
            Path half = file.resolveSibling(file.getFileName() + ".part");
            Files.deleteIfExists(half);
            Files.createFile(half, ownerOnly("rw-------"));
            Files.writeString(half, text);
            Files.move(half, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw unwritable(file, e);
        }
    }

    private static void writeJson(Path file, Object value) {
        try {
            writeText(file, JSON.writeValueAsString(value));
        } catch (JacksonException e) {
            throw new IllegalStateException("records of plain values are JSON", e);
        }
    }

    private static <T> Optional<T> read(Path file, Class<T> type) {
        try {
            return Optional.of(JSON.readValue(Files.readString(file), type));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new Failure(
                    file + " cannot be read (" + e.getClass().getSimpleName()
                            + "); mend its permissions, or delete it once nothing runs any more",
                    e);
        }
    }

    private static Failure unwritable(Path path, IOException e) {
        return new Failure(path + " cannot be written (" + e + "); free some space or mend its permissions", e);
    }

    private static FileAttribute<?>[] ownerOnly(String permissions) {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }
}
