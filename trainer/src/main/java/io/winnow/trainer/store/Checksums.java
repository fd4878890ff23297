package io.winnow.trainer.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** SHA-256 of files, and the file that lists them in the format of {@code sha256sum}. */
final class Checksums {
    /** The list's name. */
    static final String FILE = "SHA256SUMS";

    private Checksums() {}

    static String of(Path file) throws IOException {
        MessageDigest digest = sha256();
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = Files.newInputStream(file)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /** The list for these files of a directory. */
    static byte[] list(Path directory, List<String> names) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (String name : names) {
            lines.append(of(directory.resolve(name))).append("  ").append(name).append('\n');
        }
        return lines.toString().getBytes(StandardCharsets.US_ASCII);
    }

    /** Checks that the directory's list is exactly that of its files. */
    static void verify(Path directory, List<String> names) throws CorruptModelException {
        for (String name : names) {
            if (!Files.isRegularFile(directory.resolve(name))) {
                throw new CorruptModelException(name + " is not there");
            }
        }
        try {
            byte[] said = Files.readAllBytes(directory.resolve(FILE));
            if (!java.util.Arrays.equals(said, list(directory, names))) {
                throw new CorruptModelException("its files are not those that " + FILE + " names");
            }
        } catch (NoSuchFileException e) {
            throw new CorruptModelException(FILE + " is not there");
        } catch (IOException e) {
            throw new CorruptModelException("it cannot be read (" + e.getClass().getSimpleName() + ")");
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
