package io.winnow.faults.world;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.opentest4j.TestAbortedException;

/** A small disk of its own at a directory, so that it can be filled without harm to anybody else. */
public final class SmallDisk implements AutoCloseable {
    private static final byte[] BLOCK = new byte[4 << 10];

    private final Path directory;
    private final Path filler;

    private SmallDisk(Path directory) {
        this.directory = directory;
        this.filler = directory.resolve(".filler");
    }

    /**
     * Mounts one.
     *
     * @throws TestAbortedException if this user may not
     */
    public static SmallDisk mount(Path directory, int mebibytes) throws IOException, InterruptedException {
        Files.createDirectories(directory);
        if (run("mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m", "tmpfs", directory.toString()) != 0) {
            throw new TestAbortedException("a full disk needs a small one, and only the superuser can mount a tmpfs");
        }
        return new SmallDisk(directory);
    }

    private static int run(String... command) throws IOException, InterruptedException {
        try {
            return new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        } catch (IOException e) {
            // No such command: no tmpfs here.
            return -1;
        }
    }

    /** Takes all the space that is left. */
    public void fill() throws IOException {
        try (OutputStream out = Files.newOutputStream(filler, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            while (true) {
                out.write(BLOCK);
            }
        } catch (IOException e) {
            if (directory.toFile().getUsableSpace() > BLOCK.length) {
                throw e;
            }
        }
    }

    /** Gives the space back. */
    public void free() throws IOException {
        Files.deleteIfExists(filler);
    }

    @Override
    public void close() throws Exception {
        // Lazily: whoever still writes there is about to end.
        run("umount", "-l", directory.toString());
    }
}
