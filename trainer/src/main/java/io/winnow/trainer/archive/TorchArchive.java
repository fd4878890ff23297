package io.winnow.trainer.archive;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * A TorchScript module as PyTorch stores it: a zip of stored (not compressed) entries, {@code data.pkl} with the
 * attributes, {@code code/__torch__.py} with the methods, {@code data/N} with tensor elements. Opens with
 * {@code torch.jit.load} in PyTorch 1.13 and later, in C++ and in DJL. The same module gives the same bytes.
 *
 * @param name the class name in the archive
 * @param methods TorchScript source of its methods, each indented by two spaces
 * @param attributes by name, in order
 * @param extras by name: text that says something of the module, for who asks {@code torch.jit.load} for it
 */
public record TorchArchive(String name, String methods, Map<String, Attribute> attributes, Map<String, String> extras) {
    /** What PyTorch takes as the archive's name: any will do. */
    private static final String FOLDER = "model/";

    /** File format 3: the oldest that every reader still takes; the operators used mean the same in all since. */
    private static final String VERSION = "3\n";

    /** Below which PyTorch looks for extra files. */
    private static final String EXTRA = "extra/";

    /** Zip entries carry a time; a fixed one keeps the bytes equal. */
    private static final LocalDateTime TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

    public TorchArchive {
        attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
        extras = Collections.unmodifiableMap(new LinkedHashMap<>(extras));
    }

    /** A module that comes with nothing else. */
    public TorchArchive(String name, String methods, Map<String, Attribute> attributes) {
        this(name, methods, attributes, Map.of());
    }

    /** The same module with this text, and no other, beside it. */
    public TorchArchive with(String file, String text) {
        return new TorchArchive(name, methods, attributes, Map.of(file, text));
    }

    /**
     * Writes the archive; the stream stays open.
     *
     * @throws IOException if the stream cannot be written
     */
    public void write(OutputStream out) throws IOException {
        Pickle.Pickled pickled = Pickle.module(name, attributes);
        ZipOutputStream zip = new ZipOutputStream(out);
        zip.setMethod(ZipOutputStream.STORED);
        entry(zip, "data.pkl", pickled.bytes());
        entry(zip, "byteorder", ascii("little"));
        List<byte[]> storages = pickled.storages();
        for (int i = 0; i < storages.size(); i++) {
            entry(zip, "data/" + i, storages.get(i));
        }
        entry(zip, "code/__torch__.py", code().getBytes(StandardCharsets.UTF_8));
        entry(zip, "constants.pkl", Pickle.emptyTuple());
        entry(zip, "version", ascii(VERSION));
        for (Map.Entry<String, String> extra : extras.entrySet()) {
            entry(zip, EXTRA + extra.getKey(), extra.getValue().getBytes(StandardCharsets.UTF_8));
        }
        zip.finish();
    }

    /**
     * A text that came with a module; empty where there is none of this name.
     *
     * @param archive that {@link #write} made
     * @throws IOException if it cannot be read, or any of its content is not what was written
     */
    public static Optional<String> extra(Path archive, String file) throws IOException {
        Optional<String> text = Optional.empty();
        try (ZipFile zip = new ZipFile(archive.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                byte[] content = zip.getInputStream(entry).readAllBytes();
                if (crc(content) != entry.getCrc()) {
                    throw new IOException(archive.getFileName() + " is damaged");
                }
                if (entry.getName().equals(FOLDER + EXTRA + file)) {
                    text = Optional.of(new String(content, StandardCharsets.UTF_8));
                }
            }
        }
        return text;
    }

    private String code() {
        StringBuilder code = new StringBuilder("class " + name + "(Module):\n");
        code.append("  __parameters__ = [").append(names(true)).append("]\n");
        code.append("  __buffers__ = [").append(names(false)).append("]\n");
        attributes.forEach((attribute, value) -> code.append("  ")
                .append(attribute)
                .append(" : ")
                .append(value.type())
                .append('\n'));
        return code.append(methods).toString();
    }

    private String names(boolean parameters) {
        return attributes.entrySet().stream()
                .filter(e -> e.getValue() instanceof Attribute.Tensor t && t.parameter() == parameters)
                .map(e -> '"' + e.getKey() + "\", ")
                .collect(Collectors.joining());
    }

    private static void entry(ZipOutputStream zip, String path, byte[] content) throws IOException {
        ZipEntry entry = new ZipEntry(FOLDER + path);
        entry.setTimeLocal(TIME);
        entry.setSize(content.length);
        entry.setCompressedSize(content.length);
        entry.setCrc(crc(content));
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }

    private static long crc(byte[] content) {
        CRC32 crc = new CRC32();
        crc.update(content);
        return crc.getValue();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
