package io.winnow.trainer.window;

import io.winnow.core.text.Legible;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What keys are called, by their hash: rows keep only that. Bounded. */
final class KeyNames {
    /** Keys beyond these go by their hash. */
    private static final int MOST = 10_000;

    private static final int MOST_CHARS = 64;

    private final Map<Long, String> names = new HashMap<>();

    /** Notes a Kafka key, legible and cut. */
    void note(long hash, byte @Nullable [] key) {
        if (names.size() < MOST && !names.containsKey(hash)) {
            names.put(
                    hash, key == null ? "(no key)" : Legible.line(new String(key, StandardCharsets.UTF_8), MOST_CHARS));
        }
    }

    /** Forgets all others. */
    void retain(Set<Long> keys) {
        names.keySet().retainAll(keys);
    }

    Map<Long, String> copy() {
        return Map.copyOf(names);
    }
}
