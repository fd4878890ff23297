package io.winnow.hygiene.judge;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.winnow.core.topic.RecordId;
import io.winnow.hygiene.record.RawRecord;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Keeps records that no topic takes: {@code TOPIC-PARTITION-OFFSET.value} holds the exact bytes of the value (absent for
 * a tombstone), {@code ….json} the id, timestamp, key and headers, bytes in Base64. A record is on disk before its
 * quarantine record is sent; a replay writes the same files again.
 */
final class SideFiles {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path directory;

    SideFiles(Path directory) {
        this.directory = directory;
    }

    /**
     * Keeps a record.
     *
     * @return the files' common name, without directory and ending
     */
    String keep(RawRecord raw) throws IOException {
        Files.createDirectories(directory);
        String name = raw.topic() + "-" + raw.partition() + "-" + raw.offset();
        if (raw.value() != null) {
            write(name + ".value", raw.value());
        }
        write(name + ".json", JSON.writeValueAsBytes(describe(raw)));
        return name;
    }

    private static ObjectNode describe(RawRecord raw) {
        ObjectNode node = JSON.createObjectNode();
        node.put("id", new RecordId(raw.topic(), raw.partition(), raw.offset()).toString());
        node.put("timestamp", raw.timestamp());
        node.put("key", raw.key());
        ArrayNode headers = node.putArray("headers");
        for (int i = 0; i < raw.headerNames().length; i++) {
            headers.addObject().put("name", raw.headerNames()[i]).put("value", raw.headerValues()[i]);
        }
        return node;
    }

    private void write(String name, byte @Nullable [] bytes) throws IOException {
        Path part = directory.resolve(name + "." + UUID.randomUUID() + ".part");
        try {
            Files.write(part, bytes, StandardOpenOption.CREATE_NEW);
            try (FileChannel channel = FileChannel.open(part, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            Files.move(part, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(part);
        }
    }
}
