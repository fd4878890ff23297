package io.winnow.trainer.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** SHA-256 of files, and the file that lists them in the format of {@code sha256sum}. */
final class Checksums {
    /** The list's name. */
    static final String FILE = "SHA256SUMS";

    /** Names hold no path: a damaged list must not lead out of its directory. */
    private static final Pattern LINE = Pattern.compile("[0-9a-f]{64}  ([a-zA-Z0-9-]+[.][a-z]+)");

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

    /**
     * Checks that the directory's list is exactly that of the files it names, and names these at least.
     *
     * @param needed names that must be on it
     */
    static void verify(Path directory, List<String> needed) throws CorruptModelException {
        try {
            byte[] said = Files.readAllBytes(directory.resolve(FILE));
            List<String> names = names(new String(said, StandardCharsets.ISO_8859_1));
            for (String name : needed) {
                if (!names.contains(name)) {
                    throw new CorruptModelException(FILE + " does not name " + name);
                }
            }
            for (String name : names) {
                if (!Files.isRegularFile(directory.resolve(name))) {
                    throw new CorruptModelException(name + " is not there");
                }
            }
            if (!Arrays.equals(said, list(directory, names))) {
                throw new CorruptModelException("its files are not those that " + FILE + " names");
            }
        } catch (NoSuchFileException e) {
            throw new CorruptModelException(FILE + " is not there");
        } catch (IOException e) {
            throw new CorruptModelException("it cannot be read (" + e.getClass().getSimpleName() + ")");
        }
    }

    private static List<String> names(String list) throws CorruptModelException {
        List<String> names = new ArrayList<>();
        for (String line : list.split("\n")) {
            Matcher matcher = LINE.matcher(line);
            if (!matcher.matches()) {
                throw new CorruptModelException(FILE + " is damaged");
            }
            names.add(matcher.group(1));
        }
        return names;
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
