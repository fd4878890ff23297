package io.winnow.app.command;

import io.winnow.app.Failure;
import io.winnow.app.command.ModelsOption.Models;
import io.winnow.app.terminal.Terminal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code winnow models at}. */
@Command(name = "at", description = "Say which model was live at a time.", mixinStandardHelpOptions = true)
final class ModelsAtCommand implements Callable<Integer> {
    @Parameters(paramLabel = "TIME", description = "Like 2026-03-02T08:00:00Z, or with an offset like +01:00.")
    private String time;

    @Mixin
    private ModelsOption models;

    @Override
    public Integer call() {
        Instant instant = parse(time);
        return models.reach(m -> at(m, instant));
    }

    static Instant parse(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeException e) {
            throw new Failure(
                    "TIME must be written like 2026-03-02T08:00:00Z, not '" + text.replaceAll("\\p{Cntrl}", "?") + "'",
                    e);
        }
    }

    private int at(Models models, Instant instant) {
        Optional<String> live = models.roster().history().championAt(instant);
        Terminal.standard().line("%s", live.orElse("no model of " + models.stream() + " was live at " + instant));
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("stream", models.stream());
        fields.put("at", instant.toString());
        fields.put("model", live.orElse(null));
        this.models.write(fields);
        return 0;
    }
}
