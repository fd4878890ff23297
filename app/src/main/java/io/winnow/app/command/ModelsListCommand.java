package io.winnow.app.command;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.winnow.app.command.ModelsOption.Models;
import io.winnow.app.terminal.Box;
import io.winnow.app.terminal.Terminal;
import io.winnow.core.model.ModelCard;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code winnow models list}. */
@Command(name = "list", description = "List published models, the newest first.", mixinStandardHelpOptions = true)
final class ModelsListCommand implements Callable<Integer> {
    @Mixin
    private ModelsOption models;

    /** A model in the report: its card, what there is to say of it, and whether its files are there. */
    private record Listed(@JsonUnwrapped ModelCard card, String mark, boolean files) {}

    @Override
    public Integer call() {
        return models.reach(this::list);
    }

    private int list(Models models) {
        Terminal terminal = Terminal.standard();
        List<ModelCard> cards = new ArrayList<>(models.roster().cards().values());
        Collections.reverse(cards);
        Set<String> stored = Set.copyOf(models.store().ids());
        if (cards.isEmpty()) {
            terminal.line("stream %s has no model yet", models.stream());
        } else {
            Box box = new Box("models of " + models.stream()).section();
            box.row("id", "published", "metric", "model", "last target", "linear", "forest", "");
            for (ModelCard card : cards) {
                box.row(
                        card.id(),
                        card.createdAt(),
                        card.metric(),
                        number(card.value()),
                        number(card.baselines().noChange()),
                        number(card.baselines().linear()),
                        number(card.baselines().forest()),
                        mark(models, card.id(), stored));
            }
            box.lines().forEach(terminal::line);
        }
        this.models.write(fields(models, cards, stored));
        return 0;
    }

    private static String mark(Models models, String id, Set<String> stored) {
        String mark = models.roster().mark(id);
        return stored.contains(id) ? mark : (mark.isEmpty() ? "" : mark + ", ") + "card only";
    }

    private static Map<String, Object> fields(Models models, List<ModelCard> cards, Set<String> stored) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("stream", models.stream());
        fields.put("champion", models.roster().history().champion().orElse(null));
        fields.put("pinned", models.roster().history().pinned());
        fields.put(
                "models",
                cards.stream()
                        .map(c -> new Listed(c, models.roster().mark(c.id()), stored.contains(c.id())))
                        .toList());
        return fields;
    }

    static String number(@Nullable Double value) {
        return value == null ? "–" : String.format(Locale.ROOT, "%.5g", value);
    }
}
