package io.winnow.app.kafka;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The embedded broker's share of the disk.
 *
 * @param log the broker's directory
 * @param capBytes what its records may take; from there on the oldest ones go, judged or not
 */
public record DiskShare(Path log, long capBytes) {
    public DiskShare {
        if (capBytes < 1) {
            throw new IllegalArgumentException("a share of the disk must be at least 1 byte, not " + capBytes);
        }
    }

    /**
     * Bytes of all records on disk. Indexes do not count: they are made large and left empty.
     *
     * @throws UncheckedIOException if the directory cannot be read
     */
    public long usedBytes() {
        AtomicLong sum = new AtomicLong();
        try {
            Files.walkFileTree(log, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                    if (file.toString().endsWith(".log")) {
                        sum.addAndGet(attributes.size());
                    }
                    return FileVisitResult.CONTINUE;
                }

                /** Retention may remove a file between two looks. */
                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) {
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return sum.get();
    }
}
