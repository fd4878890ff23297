package io.winnow.trainer.web;

import io.winnow.core.model.ModelCard;
import io.winnow.core.model.Promotion;
import io.winnow.core.model.Slices;
import io.winnow.core.text.Legible;
import io.winnow.trainer.pictures.Picture;
import io.winnow.trainer.registry.Roster;
import io.winnow.trainer.store.LiveCard;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a model's page shows.
 *
 * @param stream the stream's name
 * @param id of the model
 * @param mark champion, retired, or nothing
 * @param createdAt when it was published
 * @param age since then
 * @param scores its metric and its rivals', by name
 * @param metric accuracy or mae
 * @param holdout rows that they were measured on
 * @param baseline the one that its slices are beside
 * @param slices its metric by hour of the day and by key, those that were measured
 * @param facts what else its card says, by name
 * @param events what happened to it, the newest first
 * @param pictures those that it has
 * @param damage what is wrong with its files; empty where nothing
 * @param updates how many small updates are in {@code live.pt}, and since when; empty where that is another model's
 */
public record CardPage(
        String stream,
        String id,
        String mark,
        String createdAt,
        String age,
        List<Fact> scores,
        String metric,
        String holdout,
        String baseline,
        List<Sliced> slices,
        List<Fact> facts,
        List<Event> events,
        List<Picture> pictures,
        String damage,
        String updates) {

    /** A name and what is said of it. */
    public record Fact(String name, String value) {}

    /** The holdout in parts of one kind. */
    public record Sliced(String kind, List<Slice> parts) {}

    /** One part: how many rows, the model's figure and the baseline's. */
    public record Slice(String name, String rows, String model, String baseline) {}

    /** Something that happened to the model. */
    public record Event(String action, String at, String by, String why) {}

    static CardPage of(
            String stream,
            ModelCard card,
            Roster roster,
            List<Picture> pictures,
            String damage,
            Optional<LiveCard> live,
            long now) {
        List<Event> events = roster.history().events().stream()
                .filter(e -> e.modelId().equals(card.id()))
                .sorted(java.util.Comparator.comparing(Promotion::at).reversed())
                .map(CardPage::event)
                .toList();
        return new CardPage(
                stream,
                card.id(),
                roster.mark(card.id()),
                card.createdAt(),
                Legible.age(now - Instant.parse(card.createdAt()).toEpochMilli()),
                scores(card),
                card.metric(),
                Formatted.count(card.holdoutRows()),
                Formatted.line(card.slices().baseline()),
                slices(card),
                facts(card),
                events,
                pictures,
                damage,
                live.map(LiveCard::said).orElse(""));
    }

    private static Event event(Promotion event) {
        String action = event.action().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return new Event(action, event.at(), Formatted.line(event.by()), Formatted.line(event.why()));
    }

    private static List<Fact> scores(ModelCard card) {
        return List.of(
                new Fact("this model", Formatted.number(card.value())),
                new Fact(
                        "the key's last target",
                        Formatted.number(card.baselines().noChange())),
                new Fact("a linear model", Formatted.number(card.baselines().linear())),
                new Fact("a random forest", Formatted.number(card.baselines().forest())),
                new Fact(
                        "the champion before",
                        card.champion() == null ? "none to compare" : Formatted.number(card.champion())));
    }

    private static List<Sliced> slices(ModelCard card) {
        return Stream.of(
                        new Sliced("hour (UTC)", parts(card.slices().hours())),
                        new Sliced("key", parts(card.slices().keys())))
                .filter(sliced -> !sliced.parts().isEmpty())
                .toList();
    }

    private static List<Slice> parts(List<Slices.Slice> slices) {
        return slices.stream()
                .map(s -> new Slice(
                        Formatted.line(s.name()),
                        Formatted.count(s.rows()),
                        Formatted.number(s.model()),
                        Formatted.number(s.baseline())))
                .toList();
    }

    private static List<Fact> facts(ModelCard card) {
        List<Fact> facts = new java.util.ArrayList<>();
        facts.add(new Fact("rows of the window", Formatted.count(card.rows())));
        card.window()
                .forEach(r -> facts.add(new Fact(
                        "clean, partition " + r.partition(), "offsets " + r.start() + " to before " + r.end())));
        card.labels()
                .forEach(r -> facts.add(new Fact(
                        "labels, partition " + r.partition(), "offsets " + r.start() + " to before " + r.end())));
        facts.add(new Fact("seed", Long.toString(card.seed())));
        facts.add(new Fact("champion at the time", card.parent() == null ? "none" : card.parent()));
        facts.add(new Fact("contract", card.contractHash()));
        facts.add(new Fact("model.pt", card.sha256()));
        facts.add(new Fact("Winnow", Formatted.line(card.codeVersion())));
        for (Map.Entry<String, String> entry : card.hyperparameters().entrySet()) {
            facts.add(new Fact(Formatted.line(entry.getKey()), Formatted.line(entry.getValue())));
        }
        return facts;
    }
}
