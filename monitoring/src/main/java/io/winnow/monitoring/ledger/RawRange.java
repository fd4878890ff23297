package io.winnow.monitoring.ledger;

import java.util.ArrayList;
import java.util.List;

/**
 * Raw records of one partition, written {@code partition:offset} or {@code partition:first-last}.
 *
 * @param partition of raw
 * @param first offset
 * @param last offset, inclusive
 */
public record RawRange(int partition, long first, long last) {
    public RawRange {
        if (partition < 0 || first < 0 || last < first || last == Long.MAX_VALUE) {
            throw new IllegalArgumentException("no range of raw offsets: " + partition + ":" + first + "-" + last);
        }
    }

    /** How many offsets. */
    public long size() {
        return last - first + 1;
    }

    /**
     * Reads {@code 0:17,0:20-25,1:3}.
     *
     * @throws IllegalArgumentException in one line that says what to write instead
     */
    public static List<RawRange> parseAll(String text) {
        List<RawRange> ranges = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            if (!part.matches("\\d{1,9}:\\d{1,18}(-\\d{1,18})?")) {
                throw notRanges(part);
            }
            int colon = part.indexOf(':');
            int dash = part.indexOf('-');
            String first = part.substring(colon + 1, dash < 0 ? part.length() : dash);
            String last = dash < 0 ? first : part.substring(dash + 1);
            try {
                ranges.add(new RawRange(
                        Integer.parseInt(part.substring(0, colon)), Long.parseLong(first), Long.parseLong(last)));
            } catch (IllegalArgumentException e) {
                throw notRanges(part);
            }
        }
        return List.copyOf(ranges);
    }

    private static IllegalArgumentException notRanges(String part) {
        String shown = part.replaceAll("[^ -~]", "?");
        return new IllegalArgumentException("offsets read PARTITION:OFFSET or PARTITION:FIRST-LAST, separated by commas"
                + " and without spaces, like 0:17,0:20-25,1:3; not '"
                + (shown.length() > 40 ? shown.substring(0, 40) + "…" : shown) + "'");
    }

    @Override
    public String toString() {
        return partition + ":" + first + (last > first ? "-" + last : "");
    }
}
