package io.winnow.core.text;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;

/**
 * Makes hostile content legible: cut to a length, and every character that is invisible or turns the text around shown
 * as its escape. Escaping for HTML is the templates' part.
 */
public final class Legible {
    private static final int MAX_INDENT = 12;
    private static final int MAX_HEX_BYTES = 1_024;

    private Legible() {}

    /** One line of at most {@code max} characters. */
    public static String line(String text, int max) {
        return visible(text.replace('\n', ' ').replace('\t', ' '), max);
    }

    /** The text, cut to {@code max} characters; line breaks stay. */
    public static String visible(String text, int max) {
        StringBuilder s = new StringBuilder();
        int i = 0;
        for (; i < text.length() && s.length() < max; ) {
            int c = text.codePointAt(i);
            if (c == '\n' || c == '\t' || isVisible(c)) {
                s.appendCodePoint(c);
            } else {
                s.append(String.format(Locale.ROOT, "\\u%04x", c));
            }
            i += Character.charCount(c);
        }
        return i < text.length() ? s.append('…').toString() : s.toString();
    }

    private static boolean isVisible(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }

    /** A record's bytes for reading: JSON indented, other text as it is, what is no UTF-8 as hexadecimal. */
    public static String bytes(byte[] value, int maxChars) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(value))
                    .toString();
        } catch (CharacterCodingException e) {
            int n = Math.min(value.length, MAX_HEX_BYTES);
            return HexFormat.ofDelimiter(" ").formatHex(value, 0, n) + (n < value.length ? " …" : "");
        }
        boolean json =
                text.stripLeading().startsWith("{") || text.stripLeading().startsWith("[");
        // A few characters more than are shown, so that the cut is still marked.
        String head = text.substring(0, Math.min(text.length(), maxChars + 1));
        return visible(json ? indented(head) : head, maxChars);
    }

    /**
     * Only moves white space: a value that no parser takes, or that a parser would change (1e400, a key that is there
     * twice), is shown as it came.
     */
    private static String indented(String json) {
        StringBuilder s = new StringBuilder(json.length() * 2);
        boolean quoted = false;
        int depth = 0;
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if (quoted) {
                s.append(c);
                if (c == '\\' && i + 1 < json.length()) {
                    s.append(json.charAt(++i));
                }
                quoted = c != '"';
                continue;
            }
            switch (c) {
                case '"' -> {
                    quoted = true;
                    s.append(c);
                }
                case '{', '[' -> newLine(s.append(c), ++depth);
                case '}', ']' -> newLine(s, --depth).append(c);
                case ',' -> newLine(s.append(c), depth);
                case ':' -> s.append(": ");
                case ' ', '\n', '\r', '\t' -> {}
                default -> s.append(c);
            }
        }
        return s.toString();
    }

    private static StringBuilder newLine(StringBuilder s, int depth) {
        return s.append('\n').append("  ".repeat(Math.max(0, Math.min(depth, MAX_INDENT))));
    }

    /** How long ago, in the largest unit that fits. */
    public static String age(long millis) {
        long s = Math.max(0, millis / 1_000);
        if (s < 60) {
            return s + " s";
        }
        if (s < 3_600) {
            return s / 60 + " min";
        }
        return s < 172_800 ? s / 3_600 + " h" : s / 86_400 + " d";
    }

    /** A size in bytes. */
    public static String size(long bytes) {
        if (bytes < 10_000) {
            return String.format(Locale.ROOT, "%,d B", bytes);
        }
        return bytes < 10_000_000 ? bytes / 1_000 + " kB" : bytes / 1_000_000 + " MB";
    }

    /** A count with separators. */
    public static String count(long n) {
        return String.format(Locale.ROOT, "%,d", n);
    }

    /** Bits, to one place. */
    public static String bits(double bits) {
        return String.format(Locale.ROOT, "%.1f", bits);
    }
}
