package io.winnow.app.cluster;

import io.winnow.app.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Keeps the supervisor from submitting jobs, while a command has stopped them to do something with them: a file with the
 * command's pid, which counts for as long as that process lives.
 */
final class JobHold implements AutoCloseable {
    private final Path file;

    private JobHold(Path file) {
        this.file = file;
    }

    /**
     * Holds the jobs of a cluster until it is closed.
     *
     * @throws Failure if another command holds them
     */
    static JobHold on(Path home) {
        Path file = file(home);
        if (isHeld(home)) {
            throw new Failure("another command holds the jobs of the cluster in " + home + "; wait for its end");
        }
        ClusterFiles.writeText(file, ProcessHandle.current().pid() + "\n");
        return new JobHold(file);
    }

    /** Whether somebody does. */
    static boolean isHeld(Path home) {
        try {
            long pid = Long.parseLong(Files.readString(file(home)).strip());
            return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
        } catch (IOException | NumberFormatException e) {
            return false;
        }
    }

    private static Path file(Path home) {
        return home.resolve("hold.pid");
    }

    @Override
    public void close() {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new Failure(file + " cannot be deleted (" + e + "); delete it, or no job is submitted", e);
        }
    }
}
