package io.winnow.core.row;

import org.jspecify.annotations.Nullable;

/**
 * Strings by the bytes that spell them, so that a frequent category is made once and not for each record. Holds a bounded
 * number of short ones, two for each hash: a rare one replaces the older of its two. Not thread-safe.
 */
final class RecentTexts {
    private static final int HASHES_LOG2 = 10;
    private static final int MAX_BYTES = 64;

    private final byte[][] spellings = new byte[2 << HASHES_LOG2][];
    private final @Nullable String[] texts = new String[2 << HASHES_LOG2];

    /** The text of the string that the cursor last took. */
    String of(JsonCursor in) {
        if (in.length() > MAX_BYTES) {
            return in.text();
        }
        int newer = in.hash() >>> (32 - HASHES_LOG2) << 1;
        int older = newer + 1;
        String known = at(newer, in);
        if (known == null) {
            known = at(older, in);
        }
        if (known != null) {
            return known;
        }
        spellings[older] = spellings[newer];
        texts[older] = texts[newer];
        String fresh = in.text();
        spellings[newer] = in.spelling();
        texts[newer] = fresh;
        return fresh;
    }

    private @Nullable String at(int place, JsonCursor in) {
        String text = texts[place];
        return text != null && in.spells(spellings[place]) ? text : null;
    }
}
