package io.winnow.app.home;

import io.winnow.app.Failure;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * Everything Winnow keeps on this machine, held by at most one process:
 * {@code lock token running.json kafka/ checkpoints/ models/ desk/ ledger/ logs/}.
 */
public final class DataDirectory implements AutoCloseable {
    /** Below this much free space nothing is started: a broker that runs out of disk stops in the middle. */
    static final long MIN_FREE_BYTES = 256L << 20;

    private static final int TOKEN_BYTES = 32;

    private final Path root;
    private final FileChannel channel;
    private final FileLock lock;

    private DataDirectory(Path root, FileChannel channel, FileLock lock) {
        this.root = root;
        this.channel = channel;
        this.lock = lock;
    }

    /** Where data lies unless {@code --data} says otherwise: {@code ~/.winnow}. */
    public static Path standard() {
        return home().resolve(".winnow");
    }

    /** What {@code ~} means to a shell: {@code HOME}, which Java itself does not ask. */
    public static Path home() {
        String home = System.getenv("HOME");
        return Path.of(home == null || home.isEmpty() ? System.getProperty("user.home") : home);
    }

    /**
     * Takes hold of a directory, made if it is not there, until {@link #close()} or the end of the process.
     *
     * @throws Failure if it cannot be written, is nearly full, or another process holds it
     */
    public static DataDirectory open(Path directory) {
        Path root = directory.toAbsolutePath().normalize();
        FileChannel channel = null;
        try {
            Files.createDirectories(root, ownerOnly("rwx------"));
            channel = FileChannel.open(root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = tryLock(channel);
            if (lock == null) {
                channel.close();
                throw new Failure(root + " is in use by another winnow"
                        + RunningState.read(root)
                                .map(s -> " (process " + s.pid() + ")")
                                .orElse("")
                        + "; stop it with 'winnow stop' or give another --data directory");
            }
            DataDirectory data = new DataDirectory(root, channel, lock);
            data.probe();
            return data;
        } catch (IOException e) {
            close(channel);
            throw unusable(root, e);
        }
    }

    /** Whether a process, this one included, holds the directory. */
    public static boolean isHeld(Path directory) {
        Path file = directory.toAbsolutePath().resolve("lock");
        if (!Files.exists(file)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            FileLock lock = tryLock(channel);
            if (lock == null) {
                return true;
            }
            lock.release();
            return false;
        } catch (IOException e) {
            throw unusable(directory, e);
        }
    }

    /** The directory itself, absolute. */
    public Path root() {
        return root;
    }

    /** The embedded broker's log. */
    public Path kafka() {
        return root.resolve("kafka");
    }

    /** Checkpoints of a stream's job. */
    public Path checkpoints(String stream) {
        return root.resolve("checkpoints").resolve(stream);
    }

    /** The model store. */
    public Path models() {
        return root.resolve("models");
    }

    /** The desk's state of a stream. */
    public Path desk(String stream) {
        return root.resolve("desk").resolve(stream);
    }

    /** The ledger's accounts of a stream. */
    public Path ledger(String stream) {
        return root.resolve("ledger").resolve(stream);
    }

    /** Log files. */
    public Path logs() {
        return root.resolve("logs");
    }

    /** Where {@link #token()} is kept. */
    public Path tokenFile() {
        return root.resolve("token");
    }

    /** The bearer token of every POST: made at the first start, readable by its owner only. */
    public String token() {
        return token(root);
    }

    /** The same of a directory that another process may hold; the directory is made if it is not there. */
    public static String token(Path directory) {
        Path root = directory.toAbsolutePath().normalize();
        Path file = root.resolve("token");
        if (Files.exists(file)) {
            return existingToken(file);
        }
        byte[] random = new byte[TOKEN_BYTES];
        new SecureRandom().nextBytes(random);
        String fresh = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
        try {
            Files.createDirectories(root, ownerOnly("rwx------"));
            Path part = root.resolve("token.part");
            Files.deleteIfExists(part);
            Files.createFile(part, ownerOnly("rw-------"));
            Files.writeString(part, fresh);
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
            return fresh;
        } catch (IOException e) {
            throw unusable(root, e);
        }
    }

    private static String existingToken(Path file) {
        try {
            String token = Files.readString(file).strip();
            if (token.length() < TOKEN_BYTES) {
                throw new Failure(file + " holds no token; delete the file and start again to get a new one");
            }
            return token;
        } catch (IOException e) {
            throw new Failure(file + " cannot be read (" + reason(e) + "); check its owner and mode", e);
        }
    }

    /** Lets go of the directory. */
    @Override
    public void close() {
        try {
            lock.release();
        } catch (IOException e) {
            // The process ends or the channel closes next: either releases the lock.
        }
        close(channel);
    }

    /** What to say about a directory that cannot be written. */
    static Failure unusable(Path root, IOException e) {
        return new Failure(
                "data directory " + root + " cannot be written (" + reason(e)
                        + "); free some space, mend its permissions, or give another with --data DIR",
                e);
    }

    private static String reason(IOException e) {
        if (e instanceof java.nio.file.AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof java.nio.file.FileSystemException f && f.getReason() != null) {
            return f.getReason();
        }
        if (e instanceof FileAlreadyExistsException) {
            return "there is a file in its place";
        }
        return String.valueOf(e.getMessage());
    }

    private void probe() throws IOException {
        Path probe = root.resolve("probe");
        Files.write(probe, new byte[4096]);
        Files.delete(probe);
        long free = Files.getFileStore(root).getUsableSpace();
        if (free < MIN_FREE_BYTES) {
            close();
            throw new Failure("the disk of data directory " + root + " has only " + (free >> 20)
                    + " MiB left, and a start needs " + (MIN_FREE_BYTES >> 20)
                    + "; free some space or give another with --data DIR");
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static FileAttribute<?>[] ownerOnly(String permissions) {
        boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    private static void close(@Nullable FileChannel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                // Nothing was written through it.
            }
        }
    }
}
