package io.winnow.faults.result;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** {@code docs/faults.json}, and the page that is made from it. A run that is repeated replaces its entry. */
public final class ResultFile {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ObjectWriter WRITER =
            JSON.writer().with(SerializationFeature.INDENT_OUTPUT).with(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS);

    private final Path json;
    private final Path page;

    /** The files in this directory. */
    public ResultFile(Path docs) {
        json = docs.resolve("faults.json");
        page = docs.resolve("faults.md");
    }

    /** What is written down so far, by kind and seed. */
    public List<Entry> entries() throws IOException {
        if (!Files.exists(json)) {
            return List.of();
        }
        return JSON.convertValue(
                JSON.readTree(Files.readAllBytes(json)).get("runs"), new TypeReference<List<Entry>>() {});
    }

    /** Writes a run down; others may do so at the same time. */
    public void put(Entry entry) throws IOException {
        Path lock = Path.of(System.getProperty("java.io.tmpdir"), "winnow-faults.lock");
        try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = channel.lock()) {
            replace(entry);
        }
    }

    private void replace(Entry entry) throws IOException {
        List<Entry> all = new ArrayList<>(entries());
        all.removeIf(e -> e.id().equals(entry.id()));
        all.add(entry);
        all.sort(Comparator.comparing(Entry::fault).thenComparing(Entry::seed));
        write(json, WRITER.writeValueAsString(Map.of("runs", all)) + "\n");
        write(page, ResultPage.of(all));
    }

    private static void write(Path file, String text) throws IOException {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        Files.write(part, text.getBytes(StandardCharsets.UTF_8));
        Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
