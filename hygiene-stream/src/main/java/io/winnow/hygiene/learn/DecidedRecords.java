package io.winnow.hygiene.learn;

import java.util.LinkedHashSet;
import java.util.List;

/** Which raw records have had their first decision, so that none is learned twice. Forgets the oldest. */
final class DecidedRecords {
    static final int MAX = 100_000;

    private final LinkedHashSet<String> ids = new LinkedHashSet<>();

    DecidedRecords(List<String> oldestFirst) {
        ids.addAll(oldestFirst);
    }

    /** Whether this is the record's first decision. */
    boolean first(String id) {
        if (!ids.add(id)) {
            return false;
        }
        if (ids.size() > MAX) {
            ids.remove(ids.iterator().next());
        }
        return true;
    }

    String[] oldestFirst() {
        return ids.toArray(String[]::new);
    }
}
