package io.winnow.app.command;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.winnow.app.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Writes {@code --report} files. */
final class Json {
    private static final ObjectMapper MAPPER = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private Json() {}

    /** Writes a report if a file was asked for. */
    static void write(@Nullable Path file, Object report) {
        if (file == null) {
            return;
        }
        try {
            Files.write(file, MAPPER.writeValueAsBytes(report));
        } catch (IOException e) {
            throw new Failure("report " + file + " cannot be written (" + e.getMessage() + ")", e);
        }
    }

    /** A number, or null where it does not apply: JSON has no NaN. */
    static @Nullable Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }
}
