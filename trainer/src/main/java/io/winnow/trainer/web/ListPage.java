package io.winnow.trainer.web;

import io.winnow.core.model.ModelCard;
import io.winnow.core.text.Legible;
import io.winnow.trainer.registry.Roster;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What the list of models shows.
 *
 * @param stream the stream's name
 * @param champion id of the champion; empty where there is none
 * @param pinned whether it stays whatever is better
 * @param models the newest first
 */
public record ListPage(String stream, String champion, boolean pinned, List<Row> models) {
    private static final int MOST = 500;

    /**
     * A model.
     *
     * @param mark champion, retired, or nothing
     * @param age since its publication
     */
    public record Row(
            String id,
            String mark,
            String createdAt,
            String age,
            String metric,
            String value,
            String noChange,
            String linear,
            String forest,
            String rows) {}

    static ListPage of(String stream, Roster roster, long now) {
        List<ModelCard> cards = new ArrayList<>(roster.cards().values());
        Collections.reverse(cards);
        return new ListPage(
                stream,
                roster.history().champion().orElse(""),
                roster.history().pinned(),
                cards.stream().limit(MOST).map(card -> row(card, roster, now)).toList());
    }

    private static Row row(ModelCard card, Roster roster, long now) {
        return new Row(
                card.id(),
                roster.mark(card.id()),
                card.createdAt(),
                Legible.age(now - Instant.parse(card.createdAt()).toEpochMilli()),
                card.metric(),
                Formatted.number(card.value()),
                Formatted.number(card.baselines().noChange()),
                Formatted.number(card.baselines().linear()),
                Formatted.number(card.baselines().forest()),
                Formatted.count(card.rows()));
    }
}
