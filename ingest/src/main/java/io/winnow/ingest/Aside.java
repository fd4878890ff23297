package io.winnow.ingest;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** A file of records that the topic does not take, one a line; it can be ingested again once the topic takes more. */
final class Aside implements Closeable {
    private final Path file;
    private @Nullable OutputStream out;

    Aside(Path file) {
        this.file = file;
    }

    Path file() {
        return file;
    }

    /** Keeps a value; values hold no line feed. */
    synchronized void keep(byte[] value) throws IOException {
        if (out == null) {
            Files.createDirectories(file.toAbsolutePath().getParent());
            out = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
        byte[] line = java.util.Arrays.copyOf(value, value.length + 1);
        line[value.length] = '\n';
        out.write(line);
    }

    @Override
    public synchronized void close() throws IOException {
        if (out != null) {
            out.close();
        }
    }
}
