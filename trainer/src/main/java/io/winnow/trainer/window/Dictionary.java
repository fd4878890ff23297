package io.winnow.trainer.window;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Values of one category column by number. Bounded, so that free text in a category cannot fill the memory. */
final class Dictionary {
    /** Values beyond these count as unknown. */
    static final int MAX_VALUES = 10_000;

    private final Map<String, Integer> ids = new HashMap<>();
    private final List<String> values = new ArrayList<>();

    /** The id of this value, a new one if need be; −1 where missing or beyond the bound. */
    int id(@Nullable String value) {
        if (value == null) {
            return -1;
        }
        Integer id = ids.get(value);
        if (id != null) {
            return id;
        }
        if (values.size() == MAX_VALUES) {
            return -1;
        }
        ids.put(value, values.size());
        values.add(value);
        return values.size() - 1;
    }

    /** The values; a value's id is its position. */
    List<String> values() {
        return Collections.unmodifiableList(values);
    }
}
