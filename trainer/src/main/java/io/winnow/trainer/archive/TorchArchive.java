package io.winnow.trainer.archive;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A TorchScript module as PyTorch stores it: a zip of stored (not compressed) entries, {@code data.pkl} with the
 * attributes, {@code code/__torch__.py} with the methods, {@code data/N} with tensor elements. Opens with
 * {@code torch.jit.load} in PyTorch 1.13 and later, in C++ and in DJL. The same module gives the same bytes.
 *
 * @param name the class name in the archive
 * @param methods TorchScript source of its methods, each indented by two spaces
 * @param attributes by name, in order
 */
public record TorchArchive(String name, String methods, Map<String, Attribute> attributes) {
    /** File format 3: the oldest that every reader still takes; the operators used mean the same in all since. */
    private static final String VERSION = "3\n";

    /** Zip entries carry a time; a fixed one keeps the bytes equal. */
    private static final LocalDateTime TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

    public TorchArchive {
        attributes = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(attributes));
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
        zip.finish();
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
        CRC32 crc = new CRC32();
        crc.update(content);
        ZipEntry entry = new ZipEntry("model/" + path);
        entry.setTimeLocal(TIME);
        entry.setSize(content.length);
        entry.setCompressedSize(content.length);
        entry.setCrc(crc.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
