package io.winnow.trainer.registry;

import io.winnow.core.model.ChampionHistory;
import io.winnow.core.model.ModelCard;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a stream's model topics said up to some moment. Immutable.
 *
 * @param history who is champion, and who was
 * @param cards every published model by its id, in order of publication
 */
public record Roster(ChampionHistory history, Map<String, ModelCard> cards) {
    /** Before anything was read. */
    public static final Roster EMPTY = new Roster(ChampionHistory.EMPTY, Map.of());

    public Roster {
        cards = Collections.unmodifiableMap(new LinkedHashMap<>(cards));
    }

    /** The champion's card; empty where there is no champion or its card is not on the topic. */
    public Optional<ModelCard> champion() {
        return history.champion().map(cards::get);
    }

    /** What there is to say of a model in a word or two: champion, champion (pinned), retired, or nothing. */
    public String mark(String modelId) {
        if (history.champion().filter(modelId::equals).isPresent()) {
            return history.pinned() ? "champion (pinned)" : "champion";
        }
        return history.retired(modelId) ? "retired" : "";
    }
}
