package io.winnow.core.infer;

import com.fasterxml.jackson.core.JsonToken;
import io.winnow.core.row.EventTime;
import io.winnow.core.tabular.Numeral;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/** What one field's values look like. Mutable, not thread-safe. */
final class ColumnStats {
    /** Distinct values are counted up to this many. */
    static final int MAX_DISTINCT = 1_000;

    final String name;
    /** Values that are neither absent nor null. */
    long present;

    long numbers;
    long wholeNumbers;
    long booleans;
    long texts;
    long nested;
    long isoTimes;
    /** Numbers that are one more than the last. */
    long stepsOfOne;

    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    int maxChars;
    /** The first value that is no number, as it stands. */
    String firstText = "";

    private final boolean csv;
    private final Set<String> distinct = new LinkedHashSet<>();
    private double previous = Double.NaN;

    /** @param csv whether cells had no type of their own, so that text may be a number or a boolean */
    ColumnStats(String name, boolean csv) {
        this.name = name;
        this.csv = csv;
    }

    /** Takes a value in. */
    void add(JsonToken token, String text) {
        if (token == JsonToken.VALUE_NULL) {
            return;
        }
        present++;
        if (token.isStructStart()) {
            nested++;
            return;
        }
        if (distinct.size() <= MAX_DISTINCT) {
            distinct.add(text.length() > 300 ? text.substring(0, 300) : text);
        }
        maxChars = Math.max(maxChars, text.length());
        if (token.isNumeric() || (csv && isLooseNumber(text))) {
            number(text);
        } else if (token.isBoolean() || (csv && isLooseBoolean(text))) {
            booleans++;
        } else {
            text(text);
        }
    }

    private void number(String text) {
        numbers++;
        double x = Double.parseDouble(text.strip());
        wholeNumbers += x == Math.rint(x) && text.chars().allMatch(c -> c == '-' || (c >= '0' && c <= '9')) ? 1 : 0;
        stepsOfOne += x == previous + 1 ? 1 : 0;
        previous = x;
        min = Math.min(min, x);
        max = Math.max(max, x);
    }

    private void text(String text) {
        // Most columns of text are no times: the first that is none ends the trying.
        if (isoTimes == texts && !Double.isNaN(EventTime.isoMillis(text))) {
            isoTimes++;
        }
        if (texts++ == 0) {
            firstText = text;
        }
    }

    /** A number that JSON would write otherwise; a leading zero makes it a code. */
    private static boolean isLooseNumber(String text) {
        String stripped = text.strip();
        if (stripped.length() > 1 && stripped.charAt(0) == '0' && Character.isDigit(stripped.charAt(1))) {
            return false;
        }
        byte[] b = stripped.getBytes(StandardCharsets.UTF_8);
        return !Numeral.toJson(b, 0, b.length).isEmpty();
    }

    private static boolean isLooseBoolean(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        return lower.equals("true") || lower.equals("false");
    }

    /** Distinct values, in order of appearance; {@link #MAX_DISTINCT} + 1 stands for "more". */
    Set<String> distinct() {
        return distinct;
    }

    /** Whether there are too many distinct values to count. */
    boolean isOverflowing() {
        return distinct.size() > MAX_DISTINCT;
    }

    /** Whether it counts the rows: each number is one more than the last. */
    boolean isRowCounter() {
        return present >= 100 && wholeNumbers == present && stepsOfOne == present - 1;
    }

    boolean isAllNumbers() {
        return present > 0 && numbers == present;
    }

    boolean isAllIsoTimes() {
        return present > 0 && isoTimes == present;
    }
}
