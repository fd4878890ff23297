package io.winnow.trainer.store;

import io.winnow.core.model.ChampionHistory;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Which models' files may go. Their cards stay on the topic. */
public final class Retention {
    private Retention() {}

    /**
     * The models to remove: all but the champion, pinned or not, the one that a roll back goes to, the newest, and the
     * models that any of those was warm-started from.
     *
     * @param stored ids of the models in the store, oldest first
     * @param parents of the models that were warm-started, by id
     * @param newest how many are kept for their age alone
     */
    public static List<String> doomed(
            List<String> stored, Map<String, String> parents, ChampionHistory history, int newest) {
        Set<String> kept = new HashSet<>(stored.subList(Math.max(0, stored.size() - newest), stored.size()));
        history.champion().ifPresent(kept::add);
        history.previous().ifPresent(kept::add);
        Set<String> needed = new HashSet<>(kept);
        for (String id : kept) {
            String parent = parents.get(id);
            if (parent != null) {
                needed.add(parent);
            }
        }
        return stored.stream().filter(id -> !needed.contains(id)).toList();
    }
}
