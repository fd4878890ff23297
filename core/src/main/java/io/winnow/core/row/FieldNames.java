package io.winnow.core.row;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds the fields of a record by the bytes of their names: first the one that followed last time, then by hash. What is
 * remembered is bounded, whatever names arrive. Not thread-safe.
 */
final class FieldNames {
    /** The name is broken. */
    static final int BROKEN = -1;
    /** The name is none of those that are remembered: the cursor has it. */
    static final int UNKNOWN = -2;

    /** Names that the contract does not know, and ways to spell any name, that are remembered. */
    private static final int MAX_UNKNOWN = 1_024;

    private static final int MAX_SPELLINGS = 4_096;
    private static final int TABLE = 2 * MAX_SPELLINGS;
    private static final int MAX_BYTES = 256;

    /** Slots by name: first those of the contract, then others as they come. */
    private final Map<String, Integer> slots = new HashMap<>();

    private final int most;
    /** Index of each spelling by its hash, 0 where there is none. */
    private final int[] table = new int[TABLE];

    private byte[][] spelling = new byte[64][];
    private int[] slot = new int[64];
    /** The spelling that followed each spelling last time; 0 stands for the record's beginning, and for none. */
    private int[] follower = new int[64];

    private int spellings = 1;
    private int last;

    /** These names, distinct, have slots 0, 1, 2 and so on. */
    FieldNames(List<String> known) {
        known.forEach(name -> slots.put(name, slots.size()));
        most = known.size() + MAX_UNKNOWN;
    }

    /** More slots than this are never used. */
    int slots() {
        return most;
    }

    /** A new record begins. */
    void begin() {
        last = 0;
    }

    /** Takes the name that begins at the byte {@link JsonCursor#next} found. */
    int take(JsonCursor in) {
        int guess = follower[last];
        if (guess != 0 && in.take(spelling[guess])) {
            last = guess;
            return slot[guess];
        }
        return in.name() ? find(in) : BROKEN;
    }

    private int find(JsonCursor in) {
        int at = in.hash() >>> (32 - Integer.numberOfTrailingZeros(TABLE));
        while (table[at] != 0) {
            int known = table[at];
            if (in.spells(spelling[known])) {
                follower[last] = known;
                last = known;
                return slot[known];
            }
            at = (at + 1) & (TABLE - 1);
        }
        return learn(in, at);
    }

    private int learn(JsonCursor in, int at) {
        String name = in.text();
        Integer found = slots.get(name);
        if (found == null && (slots.size() >= most || in.length() > MAX_BYTES)) {
            return UNKNOWN;
        }
        int s = found == null ? slots.size() : found;
        slots.putIfAbsent(name, s);
        if (spellings <= MAX_SPELLINGS && in.length() <= MAX_BYTES) {
            grow();
            table[at] = spellings;
            spelling[spellings] = in.spelling();
            slot[spellings] = s;
            follower[last] = spellings;
            last = spellings++;
        }
        return s;
    }

    private void grow() {
        if (spellings == slot.length) {
            spelling = Arrays.copyOf(spelling, 2 * spellings);
            slot = Arrays.copyOf(slot, 2 * spellings);
            follower = Arrays.copyOf(follower, 2 * spellings);
        }
    }

    /** The name of a slot, for a message. */
    String name(int ofSlot) {
        return slots.entrySet().stream()
                .filter(e -> e.getValue() == ofSlot)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse("");
    }
}
