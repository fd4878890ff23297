package io.winnow.trainer.web;

import io.winnow.core.text.Legible;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Numbers and words as the pages show them. */
final class Formatted {
    private static final int MAX_LINE = 400;

    private Formatted() {}

    static String number(@Nullable Double value) {
        return value == null ? "not measured" : String.format(Locale.ROOT, "%.5g", value);
    }

    static String line(String text) {
        return Legible.line(text, MAX_LINE);
    }

    static String count(long n) {
        return Legible.count(n);
    }
}
