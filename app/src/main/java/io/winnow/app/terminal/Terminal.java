package io.winnow.app.terminal;

import java.io.PrintStream;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A person's screen, or a file that pretends to be one. On a terminal progress is one line drawn again and again; elsewhere
 * it is a plain line now and then.
 */
public final class Terminal {
    private static final long PLAIN_EVERY_NANOS = 5_000_000_000L;
    private static final long SAME_AGAIN_NANOS = 10_000_000_000L;
    private static final long REDRAW_EVERY_NANOS = 100_000_000L;
    private static final String ERASE_LINE = "\r\u001b[2K";

    private final PrintStream out;
    private final boolean interactive;
    private final boolean colour;
    private final LongSupplier nanos;
    private boolean lineOpen;
    private @Nullable String lastProgress;
    private long lastProgressAt;

    Terminal(PrintStream out, boolean interactive, boolean colour, LongSupplier nanos) {
        this.out = out;
        this.interactive = interactive;
        this.colour = colour;
        this.nanos = nanos;
    }

    /** Standard output: colours and redrawn lines only on a terminal; {@code NO_COLOR} is honoured. */
    public static Terminal standard() {
        boolean interactive = System.console() != null && !"dumb".equals(System.getenv("TERM"));
        @Nullable String noColor = System.getenv("NO_COLOR");
        return new Terminal(
                System.out, interactive, interactive && (noColor == null || noColor.isEmpty()), System::nanoTime);
    }

    /** A line that stays. */
    public synchronized void line(String text) {
        closeLine();
        out.println(text);
        out.flush();
    }

    /** A formatted line that stays. */
    public void line(String format, Object... values) {
        line(String.format(Locale.ROOT, format, values));
    }

    /**
     * Where things stand; may be drawn over, and is dropped where it comes too often: off a terminal within 5 s of the
     * last one, or 10 s if it says the same again.
     */
    public synchronized void progress(String text) {
        long now = nanos.getAsLong();
        if (lastProgress != null && now - lastProgressAt < pause(text.equals(lastProgress))) {
            return;
        }
        lastProgress = text;
        lastProgressAt = now;
        if (interactive) {
            out.print(ERASE_LINE + text);
            lineOpen = true;
        } else {
            out.println(text);
        }
        out.flush();
    }

    private long pause(boolean same) {
        if (interactive) {
            return REDRAW_EVERY_NANOS;
        }
        return same ? SAME_AGAIN_NANOS : PLAIN_EVERY_NANOS;
    }

    /** Good news. */
    public String green(String text) {
        return paint("32", text);
    }

    /** Bad news. */
    public String red(String text) {
        return paint("31", text);
    }

    /** What matters. */
    public String bold(String text) {
        return paint("1", text);
    }

    /** What matters less. */
    public String dim(String text) {
        return paint("2", text);
    }

    private String paint(String code, String text) {
        return colour ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }

    private void closeLine() {
        if (lineOpen) {
            out.print(ERASE_LINE);
            lineOpen = false;
        }
    }
}
