package io.winnow.core.row;

/** Makes record content safe to show in a line of text: content is never trusted. */
public final class Quote {
    private static final int MAX_CHARS = 40;

    private Quote() {}

    /** The text in single quotes, cut to 40 characters, everything but printable ASCII and letters replaced by '?'. */
    public static String of(CharSequence text) {
        StringBuilder s = new StringBuilder(MAX_CHARS + 3).append('\'');
        int n = Math.min(text.length(), MAX_CHARS);
        for (int i = 0; i < n; i++) {
            char c = text.charAt(i);
            boolean plain = c >= ' ' && c < 0x7f && c != '\'';
            s.append(plain || Character.isLetterOrDigit(c) ? c : '?');
        }
        return s.append(text.length() > MAX_CHARS ? "…'" : "'").toString();
    }
}
