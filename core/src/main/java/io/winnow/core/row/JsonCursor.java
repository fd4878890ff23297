package io.winnow.core.row;

import ch.randelshofer.fastdoubleparser.JavaDoubleParser;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON (RFC 8259, to the letter) from bytes that are known to be UTF-8, value by value. Nothing is allocated but
 * what is asked for by {@link #text}. What is broken stays broken: {@link #problem} says what it was. Not thread-safe.
 */
final class JsonCursor {
    /** What {@link #next} finds at the end. */
    static final int END = -1;

    /** Deeper nesting is refused. */
    static final int MAX_DEPTH = 32;
    /** A number of more digits is refused: it would take long to read. */
    static final int MAX_DIGITS = 1_000;
    /** A longer name is refused. */
    static final int MAX_NAME_BYTES = 50_000;

    static final String LIMITS = "the JSON is deeper than " + MAX_DEPTH + " or a name or number in it is too long";

    /** Kinds of values. */
    enum Kind {
        STRING,
        NUMBER,
        TRUE,
        FALSE,
        NULL,
        ARRAY,
        OBJECT,
        /** None: {@link #problem} says why. */
        BROKEN
    }

    private static final byte[] TRUE = {'t', 'r', 'u', 'e'};
    private static final byte[] FALSE = {'f', 'a', 'l', 's', 'e'};
    private static final byte[] NULL = {'n', 'u', 'l', 'l'};

    /** Powers of ten that are exact as doubles. */
    private static final double[] POWERS = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22
    };

    /** So many digits never overflow a long. */
    private static final int LONG_DIGITS = 18;

    private static final long EXACT = 1L << 53;
    private static final int MOST_DECIMALS = 22;

    private byte[] bytes = {};
    private int at;
    private int from;
    private int to;
    private boolean escaped;
    private double number;
    private @Nullable String problem;

    /** Begins with other bytes. */
    void read(byte[] json) {
        bytes = json;
        at = 0;
        problem = null;
    }

    /** The next byte that is no white space, which is not taken; {@link #END} where there is none. */
    int next() {
        byte[] b = bytes;
        int i = at;
        while (i < b.length) {
            byte c = b[i];
            if (c > ' ' || !isSpace(c)) {
                at = i;
                return c & 0xFF;
            }
            i++;
        }
        at = i;
        return END;
    }

    private static boolean isSpace(byte c) {
        return c == ' ' || c == '\n' || c == '\r' || c == '\t';
    }

    /** Takes the byte that {@link #next} found. */
    void take() {
        at++;
    }

    /** Takes these bytes if they come next. */
    boolean take(byte[] expected) {
        int end = at + expected.length;
        if (end <= bytes.length && Arrays.equals(bytes, at, end, expected, 0, expected.length)) {
            at = end;
            return true;
        }
        return false;
    }

    /** What is broken, in one line without any of the record's content. */
    String problem() {
        return problem == null ? "not valid JSON at byte " + at : problem;
    }

    /** Takes the value that begins at the byte {@link #next} found: all of it, if it is an array or an object. */
    Kind value(int first) {
        return value(first, 1);
    }

    private Kind value(int first, int depth) {
        return switch (first) {
            case '"' -> string() ? Kind.STRING : Kind.BROKEN;
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> readNumber() ? Kind.NUMBER : Kind.BROKEN;
            case 't' -> take(TRUE) ? Kind.TRUE : Kind.BROKEN;
            case 'f' -> take(FALSE) ? Kind.FALSE : Kind.BROKEN;
            case 'n' -> take(NULL) ? Kind.NULL : Kind.BROKEN;
            case '[' -> array(depth + 1) ? Kind.ARRAY : Kind.BROKEN;
            case '{' -> object(depth + 1) ? Kind.OBJECT : Kind.BROKEN;
            default -> Kind.BROKEN;
        };
    }

    private boolean array(int depth) {
        if (isTooDeep(depth)) {
            return false;
        }
        take();
        int c = next();
        if (c == ']') {
            take();
            return true;
        }
        while (value(c, depth) != Kind.BROKEN) {
            c = next();
            if (c != ',') {
                return isClosed(c, ']');
            }
            take();
            c = next();
        }
        return false;
    }

    private boolean object(int depth) {
        if (isTooDeep(depth)) {
            return false;
        }
        take();
        int c = next();
        if (c == '}') {
            take();
            return true;
        }
        while (c == '"' && name() && colon() && value(next(), depth) != Kind.BROKEN) {
            c = next();
            if (c != ',') {
                return isClosed(c, '}');
            }
            take();
            c = next();
        }
        return false;
    }

    private boolean isTooDeep(int depth) {
        problem = depth > MAX_DEPTH ? LIMITS : problem;
        return depth > MAX_DEPTH;
    }

    private boolean isClosed(int c, char bracket) {
        if (c == bracket) {
            take();
        }
        return c == bracket;
    }

    /** Takes a colon, if that comes next. */
    boolean colon() {
        int i = at;
        if (i < bytes.length && bytes[i] == ':') {
            at = i + 1;
            return true;
        }
        return isClosed(next(), ':');
    }

    /** Takes the name that begins at the byte {@link #next} found. */
    boolean name() {
        boolean good = string();
        if (good && to - from > MAX_NAME_BYTES) {
            problem = LIMITS;
            return false;
        }
        return good;
    }

    /** Takes the string that begins at the byte {@link #next} found. */
    boolean string() {
        byte[] b = bytes;
        int i = at + 1;
        from = i;
        escaped = false;
        while (i < b.length) {
            byte c = b[i];
            if (c == '"') {
                to = i;
                at = i + 1;
                return true;
            }
            if (c == '\\') {
                escaped = true;
                i += escape(b, i);
            } else if (c >= 0 && c < ' ') {
                break;
            }
            i++;
        }
        at = Math.min(i, b.length);
        return false;
    }

    /** Bytes of the escape after its backslash; where it is none, all that are left. */
    private static int escape(byte[] b, int backslash) {
        int c = backslash + 1 < b.length ? b[backslash + 1] : END;
        if (c == '"' || c == '\\' || c == '/' || c == 'b' || c == 'f' || c == 'n' || c == 'r' || c == 't') {
            return 1;
        }
        boolean unit = c == 'u' && backslash + 5 < b.length;
        for (int i = 2; unit && i <= 5; i++) {
            unit = b[backslash + i] > 0 && Character.digit(b[backslash + i], 16) >= 0;
        }
        return unit ? 5 : b.length;
    }

    /** The numbers that nearly all are: few digits, no exponent. {@link #anyNumber} reads the others. */
    private boolean readNumber() {
        byte[] b = bytes;
        int start = at;
        int whole = b[start] == '-' ? start + 1 : start;
        int i = whole;
        long w = 0;
        int d;
        while (i < b.length && (d = b[i] - '0') >= 0 && d <= 9) {
            w = 10 * w + d;
            i++;
        }
        int end = i;
        int decimals = 0;
        if (i < b.length && b[i] == '.') {
            i++;
            while (i < b.length && (d = b[i] - '0') >= 0 && d <= 9) {
                w = 10 * w + d;
                i++;
            }
            decimals = i - end - 1;
        }
        if (i - start > LONG_DIGITS
                || end == whole
                || decimals > MOST_DECIMALS
                || (end < i && decimals == 0)
                || (b[whole] == '0' && end > whole + 1)
                || (i < b.length && (b[i] | 0x20) == 'e')
                || w > EXACT) {
            return anyNumber();
        }
        at = i;
        // Both are exact as doubles, so that one rounding is all there is (Clinger 1990).
        double x = w / POWERS[decimals];
        // The integer -0 is 0.
        number = whole > start && (w != 0 || end < i) ? -x : x;
        return true;
    }

    private boolean anyNumber() {
        int start = at;
        int whole = bytes[start] == '-' ? start + 1 : start;
        int i = digits(whole);
        int digits = i - whole;
        boolean good = digits == 1 || (digits > 1 && bytes[whole] != '0');
        boolean integer = true;
        if (good && i < bytes.length && bytes[i] == '.') {
            integer = false;
            int fraction = i + 1;
            i = digits(fraction);
            digits += i - fraction;
            good = i > fraction;
        }
        if (good && i < bytes.length && (bytes[i] | 0x20) == 'e') {
            integer = false;
            boolean signed = i + 1 < bytes.length && (bytes[i + 1] == '-' || bytes[i + 1] == '+');
            int power = signed ? i + 2 : i + 1;
            i = digits(power);
            digits += i - power;
            good = i > power;
        }
        at = Math.min(i, bytes.length);
        if (good && digits > MAX_DIGITS) {
            problem = LIMITS;
            return false;
        }
        if (good) {
            double x = JavaDoubleParser.parseDouble(bytes, start, i - start);
            number = integer && x == 0 ? 0 : x;
        }
        return good;
    }

    /** Where the digits end that begin here. */
    private int digits(int begin) {
        int i = begin;
        while (i < bytes.length && bytes[i] >= '0' && bytes[i] <= '9') {
            i++;
        }
        return i;
    }

    /** The number last taken, infinite where it is beyond all doubles. */
    double number() {
        return number;
    }

    /** Bytes of the string last taken, as it is spelled, without its quotes. */
    int length() {
        return to - from;
    }

    /** A hash of the string last taken, as it is spelled. */
    int hash() {
        int h = 0;
        for (int i = from; i < to; i++) {
            h = 31 * h + bytes[i];
        }
        return h * 0x9E3779B9;
    }

    /** The string last taken, as it is spelled, with its quotes. */
    byte[] spelling() {
        return Arrays.copyOfRange(bytes, from - 1, to + 1);
    }

    /** Whether the string last taken is spelled like this, quotes included. */
    boolean spells(byte[] spelling) {
        return Arrays.equals(bytes, from - 1, to + 1, spelling, 0, spelling.length);
    }

    /** The string last taken as epoch milliseconds, if it is ISO-8601; else NaN. */
    double isoMillis() {
        double millis = escaped ? Double.NaN : IsoBytes.millis(bytes, from, to);
        return Double.isNaN(millis) ? EventTime.isoMillis(text()) : millis;
    }

    /** The text of the string last taken. */
    String text() {
        if (!escaped) {
            return new String(bytes, from, to - from, StandardCharsets.UTF_8);
        }
        StringBuilder s = new StringBuilder(to - from);
        int plain = from;
        for (int i = from; i < to; i++) {
            if (bytes[i] == '\\') {
                s.append(new String(bytes, plain, i - plain, StandardCharsets.UTF_8));
                i++;
                s.append(
                        switch (bytes[i]) {
                            case 'b' -> '\b';
                            case 'f' -> '\f';
                            case 'n' -> '\n';
                            case 'r' -> '\r';
                            case 't' -> '\t';
                            case 'u' -> (char) unit(i);
                            default -> (char) bytes[i];
                        });
                i += bytes[i] == 'u' ? 4 : 0;
                plain = i + 1;
            }
        }
        return s.append(new String(bytes, plain, to - plain, StandardCharsets.UTF_8))
                .toString();
    }

    private int unit(int u) {
        int unit = 0;
        for (int i = 1; i <= 4; i++) {
            unit = unit << 4 | Character.digit(bytes[u + i], 16);
        }
        return unit;
    }
}
