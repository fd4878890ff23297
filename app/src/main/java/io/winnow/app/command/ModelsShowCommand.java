package io.winnow.app.command;

import io.winnow.app.command.ModelsOption.Models;
import io.winnow.app.terminal.Box;
import io.winnow.app.terminal.Terminal;
import io.winnow.core.model.ModelCard;
import io.winnow.core.model.OffsetRange;
import io.winnow.core.model.Promotion;
import io.winnow.core.model.Slices;
import io.winnow.core.text.Legible;
import io.winnow.trainer.store.CorruptModelException;
import io.winnow.trainer.store.LiveCard;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code winnow models show}. */
@Command(name = "show", description = "Show a model's card and what happened to it.", mixinStandardHelpOptions = true)
final class ModelsShowCommand implements Callable<Integer> {
    private static final int MOST = 200;

    @Parameters(paramLabel = "ID", description = "The model.")
    private String id;

    @Mixin
    private ModelsOption models;

    @Override
    public Integer call() {
        return models.reach(this::show);
    }

    private int show(Models models) {
        models.demand(id);
        Terminal terminal = Terminal.standard();
        ModelCard card = Objects.requireNonNull(models.roster().cards().get(id));
        String damage = damage(models);
        Box box = new Box(card.id());
        String mark = models.roster().mark(id);
        box.section().row("state", mark.isEmpty() ? "not champion" : mark);
        box.row("files", damage == null ? "whole, in " + models.store().file(id).getParent() : "unusable: " + damage);
        box.row("published", card.createdAt());
        Optional<LiveCard> live = models.store().live(id);
        live.ifPresent(l -> box.row("small updates", l.said()));
        box.section().row(card.metric() + " on the newest " + Legible.count(card.holdoutRows()) + " rows", "");
        box.row("this model", ModelsListCommand.number(card.value()));
        box.row(
                "the key's last target",
                ModelsListCommand.number(card.baselines().noChange()));
        box.row("a linear model", ModelsListCommand.number(card.baselines().linear()));
        box.row("a random forest", ModelsListCommand.number(card.baselines().forest()));
        box.row("the champion before", ModelsListCommand.number(card.champion()));
        slices(box, "hour (UTC)", card.slices().baseline(), card.slices().hours());
        slices(box, "key", card.slices().baseline(), card.slices().keys());
        box.section().row("rows of the window", Legible.count(card.rows()));
        for (OffsetRange range : card.window()) {
            box.row("clean, partition " + range.partition(), range.start() + " to before " + range.end());
        }
        for (OffsetRange range : card.labels()) {
            box.row("labels, partition " + range.partition(), range.start() + " to before " + range.end());
        }
        box.row("seed", Long.toString(card.seed()));
        box.row("champion at the time", card.parent() == null ? "none" : card.parent());
        box.row("Winnow", Legible.line(card.codeVersion(), MOST));
        card.hyperparameters().forEach((name, value) -> box.row(Legible.line(name, MOST), Legible.line(value, MOST)));
        box.lines().forEach(terminal::line);
        List<Promotion> events = events(models);
        events.forEach(e -> terminal.line("%s", sentence(e)));
        this.models.write(fields(models, card, damage, live, events));
        return 0;
    }

    private static void slices(Box box, String kind, String baseline, List<Slices.Slice> slices) {
        if (slices.isEmpty()) {
            return;
        }
        box.section().row(kind, "rows", "this model", Legible.line(baseline, MOST));
        for (Slices.Slice slice : slices) {
            box.row(
                    Legible.line(slice.name(), MOST),
                    Legible.count(slice.rows()),
                    ModelsListCommand.number(slice.model()),
                    ModelsListCommand.number(slice.baseline()));
        }
    }

    private @Nullable String damage(Models models) {
        try {
            models.store().load(id);
            return null;
        } catch (CorruptModelException e) {
            return e.getMessage();
        }
    }

    private List<Promotion> events(Models models) {
        return models.roster().history().events().stream()
                .filter(e -> e.modelId().equals(id))
                .toList();
    }

    private static String sentence(Promotion event) {
        String why = event.why().isBlank() ? "" : ": " + Legible.line(event.why(), MOST);
        return event.at() + "  "
                + event.action().name().toLowerCase(Locale.ROOT).replace('_', ' ') + " by "
                + Legible.line(event.by(), MOST) + why;
    }

    private static Map<String, Object> fields(
            Models models, ModelCard card, @Nullable String damage, Optional<LiveCard> live, List<Promotion> events) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("card", card);
        fields.put("mark", models.roster().mark(card.id()));
        fields.put("damage", damage);
        fields.put("live", live.orElse(null));
        fields.put("events", events);
        return fields;
    }
}
