package io.winnow.app.explain;

import io.winnow.app.terminal.Terminal;
import io.winnow.core.hygiene.Explanation;
import io.winnow.core.hygiene.Histogram;
import io.winnow.core.hygiene.TaughtFactor;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;

/** An explanation as lines of text: views, then each field with its histogram and where the value fell. */
public final class Picture {
    private static final String BLOCKS = " ▁▂▃▄▅▆▇█";
    private static final int MAX_FIELDS = 24;
    private static final int MAX_NAME = 24;
    private static final int MAX_PARTS = 6;

    private Picture() {}

    /**
     * Draws.
     *
     * @param record the record and its verdict
     * @param explanation computed again from it
     */
    public static List<String> lines(JudgedRecord record, Explanation explanation, Terminal terminal) {
        List<String> lines = new ArrayList<>();
        lines.add(terminal.bold(record.id().toString()) + "  "
                + (record.reason() == null
                        ? terminal.green("clean")
                        : terminal.red("quarantined: " + record.reason())));
        if (!record.detail().isEmpty()) {
            lines.add(record.detail());
        }
        lines.add(String.format(Locale.ROOT, "profile %s of %,d rows", explanation.profile(), explanation.rows()));
        if (explanation.defect() != null) {
            lines.add("not scored: " + explanation.defect().reason() + ", "
                    + explanation.defect().detail());
            return lines;
        }
        lines.add("");
        lines.add("views  "
                + explanation.views().stream()
                        .map(v -> String.format(Locale.ROOT, "%s %.2f", v.name(), v.bits()))
                        .collect(Collectors.joining("   "))
                + String.format(
                        Locale.ROOT,
                        "   together %.2f bits, threshold %.2f",
                        explanation.bits(),
                        explanation.threshold()));
        if (explanation.taught() != null) {
            lines.add(taught(explanation.taught()));
        }
        lines.add("");
        fields(lines, explanation.fields(), terminal);
        return lines;
    }

    private static String taught(TaughtFactor taught) {
        return String.format(
                        Locale.ROOT,
                        "taught ×%.2f by %,d discards and %,d releases%s:   ",
                        taught.factor(),
                        taught.discarded(),
                        taught.released(),
                        taught.strength() < 1
                                ? String.format(Locale.ROOT, ", %.0f %% in force", 100 * taught.strength())
                                : "")
                + taught.parts().stream()
                        .limit(MAX_PARTS)
                        .map(p -> String.format(Locale.ROOT, "%s %+.2f × %.2f", cut(p.name()), p.weight(), p.bits()))
                        .collect(Collectors.joining("   "));
    }

    private static void fields(List<String> lines, List<Explanation.Field> all, Terminal terminal) {
        List<Explanation.Field> shown = all.subList(0, Math.min(MAX_FIELDS, all.size()));
        int name = width(shown.stream().map(f -> cut(f.name())).toList(), "field");
        int value = width(shown.stream().map(Explanation.Field::value).toList(), "value");
        int from = width(
                shown.stream()
                        .map(f -> f.histogram() == null
                                ? ""
                                : number(f.histogram().from()))
                        .toList(),
                "");
        boolean compared = shown.stream().anyMatch(f -> f.following() != null);
        lines.add(terminal.dim(pad("field", name) + "  " + pad("value", value) + "   alone  given others"
                + (compared ? "  change   run" : "")));
        for (Explanation.Field f : shown) {
            Histogram histogram = f.histogram();
            String figures = pad(cut(f.name()), name) + "  " + pad(f.value(), value)
                    + String.format(Locale.ROOT, "  %6.2f  %12s", f.alone(), given(f.givenOthers()))
                    + (compared ? following(f) : "");
            if (histogram == null) {
                lines.add(figures + "  " + share(f));
                continue;
            }
            String low = number(histogram.from());
            lines.add(figures + "  " + " ".repeat(from - columns(low)) + low + " " + bars(histogram.rows()) + " "
                    + number(histogram.to()));
            lines.add(" ".repeat(columns(figures) + 2) + mark(histogram, from, f) + why(f));
        }
        if (shown.size() < all.size()) {
            lines.add(String.format(
                    Locale.ROOT,
                    "and %d more fields, none above %.2f bits; --report writes all of them",
                    all.size() - shown.size(),
                    all.get(shown.size()).bits()));
        }
    }

    private static String mark(Histogram histogram, int before, Explanation.Field field) {
        int at = histogram.mark();
        if (at == Histogram.NOWHERE) {
            return " ".repeat(before + 1) + share(field);
        }
        if (at < 0) {
            return " ".repeat(before) + "◂";
        }
        return " ".repeat(before + 1 + at) + (at < Histogram.COLUMNS ? "▲" : "▸");
    }

    private static String share(Explanation.Field field) {
        String share = String.format(Locale.ROOT, "in %.2f %% of rows", 100 * field.share());
        return field.value().equals("missing") ? "missing " + share : share;
    }

    /** One block for each column; what is not empty shows. */
    static String bars(double[] rows) {
        double most = DoubleStream.of(rows).max().orElse(0);
        StringBuilder bars = new StringBuilder();
        for (double r : rows) {
            int height = r <= 0 ? 0 : (int) Math.max(1, Math.round(r / most * (BLOCKS.length() - 1)));
            bars.append(BLOCKS.charAt(height));
        }
        return bars.toString();
    }

    /** Bits of change and run; where they say something, what it is. */
    private static String following(Explanation.Field field) {
        Explanation.Following f = field.following();
        return f == null
                ? "  %6s  %4s".formatted("–", "–")
                : String.format(Locale.ROOT, "  %6.2f  %4.1f", f.changeBits(), f.runBits());
    }

    /** What is most surprising about a field, where that is how it follows the key's last row. */
    private static String why(Explanation.Field field) {
        Explanation.Following f = field.following();
        if (f == null || !field.isOddlyFollowing()) {
            return "";
        }
        return f.runBits() >= f.changeBits()
                ? "  unchanged for " + f.run() + " rows"
                : String.format(Locale.ROOT, "  changed by %.2g scales", f.change());
    }

    private static String given(double bits) {
        return Double.isNaN(bits) ? "–" : String.format(Locale.ROOT, "%.2f", bits);
    }

    private static String number(double x) {
        return String.format(Locale.ROOT, "%.4g", x);
    }

    private static String cut(String name) {
        return name.length() <= MAX_NAME ? name : name.substring(0, MAX_NAME - 1) + "…";
    }

    private static int width(List<String> texts, String title) {
        return Math.max(
                columns(title), texts.stream().mapToInt(Picture::columns).max().orElse(0));
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(width - columns(text));
    }

    private static int columns(String text) {
        return text.codePointCount(0, text.length());
    }
}
