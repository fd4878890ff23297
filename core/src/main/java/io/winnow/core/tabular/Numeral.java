package io.winnow.core.tabular;

/** Tells numbers from text, and writes them as JSON does. */
public final class Numeral {
    private Numeral() {}

    /** Whether these bytes are a number exactly as JSON writes it. */
    public static boolean isJson(byte[] b, int from, int to) {
        int i = from < to && b[from] == '-' ? from + 1 : from;
        int digits = digits(b, i, to);
        if (digits == 0 || (digits > 1 && b[i] == '0')) {
            return false;
        }
        i += digits;
        if (i < to && b[i] == '.') {
            int fraction = digits(b, i + 1, to);
            if (fraction == 0) {
                return false;
            }
            i += 1 + fraction;
        }
        return isExponent(b, i, to);
    }

    /**
     * A number that people and other programs write but JSON does not ({@code +5}, {@code .5}, {@code 5.}, {@code 007}),
     * as JSON text of the same value; empty if it is no number.
     */
    public static String toJson(byte[] b, int from, int to) {
        boolean signed = from < to && (b[from] == '-' || b[from] == '+');
        int whole = signed ? from + 1 : from;
        int wholeEnd = whole + digits(b, whole, to);
        boolean point = wholeEnd < to && b[wholeEnd] == '.';
        int fraction = point ? wholeEnd + 1 : wholeEnd;
        int fractionEnd = point ? fraction + digits(b, fraction, to) : fraction;
        if ((wholeEnd == whole && fractionEnd == fraction) || !isExponent(b, fractionEnd, to)) {
            return "";
        }
        while (whole < wholeEnd - 1 && b[whole] == '0') {
            whole++;
        }
        StringBuilder s = new StringBuilder(to - from + 2);
        s.append(signed && b[from] == '-' ? "-" : "");
        append(s, b, whole, wholeEnd, "0");
        if (fractionEnd > fraction) {
            append(s.append('.'), b, fraction, fractionEnd, "");
        }
        return append(s, b, fractionEnd, to, "").toString();
    }

    private static StringBuilder append(StringBuilder s, byte[] b, int from, int to, String ifEmpty) {
        for (int i = from; i < to; i++) {
            s.append((char) b[i]);
        }
        return from == to ? s.append(ifEmpty) : s;
    }

    /** Whether nothing but an exponent, or nothing at all, is left. */
    private static boolean isExponent(byte[] b, int from, int to) {
        if (from == to) {
            return true;
        }
        if (b[from] != 'e' && b[from] != 'E') {
            return false;
        }
        int i = from + 1;
        if (i < to && (b[i] == '+' || b[i] == '-')) {
            i++;
        }
        return i < to && digits(b, i, to) == to - i;
    }

    private static int digits(byte[] b, int from, int to) {
        int i = from;
        while (i < to && b[i] >= '0' && b[i] <= '9') {
            i++;
        }
        return i - from;
    }
}
