package io.winnow.app.demo;

import io.winnow.app.terminal.Box;
import io.winnow.app.terminal.Terminal;
import io.winnow.core.row.Reason;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A demo's report as a person likes to read it. */
final class DemoTable {
    private static final int BAR = 20;
    private static final Map<Reason, String> REASONS = Map.of(
            Reason.MALFORMED, "no JSON object",
            Reason.INVALID, "breaks the contract",
            Reason.SURPRISING, "too surprising",
            Reason.TOO_LARGE, "too large");

    private DemoTable() {}

    static List<String> lines(DemoReport r, Terminal t) {
        Box box = new Box(t.bold("What became of the grid's records"));
        box.section();
        box.row("in", count(r.raw()), text("%,.0f/s for %.1f s, seed %d", r.recordsPerSecond(), r.seconds(), r.seed()));
        box.row("clean", t.green(count(r.clean())), share(r.clean(), r.raw()));
        box.row("set aside", count(r.quarantined()), share(r.quarantined(), r.raw()));
        r.detection().reasons().forEach((reason, n) -> box.row("  " + REASONS.get(reason), count(n), ""));

        box.section();
        box.row("fault sent", "found", "of", "");
        for (Map.Entry<FaultKind, FaultCount> e : r.detection().faults().entrySet()) {
            fault(box, t, e.getKey(), e.getValue());
        }
        box.row(t.dim("a frozen sensor's first repeats may be chance"));

        box.section();
        box.row("precision", fraction(r.precision()), "of what was set aside was faulty");
        box.row("recall", fraction(r.recall()), "of valid-looking faults were found");

        box.section();
        champion(box, t, r);

        box.section();
        String proof = text(
                "%,d in = %,d clean + %,d set aside; %,d missing, %,d twice",
                r.raw(), r.clean(), r.quarantined(), r.missing(), r.duplicated());
        box.row(r.conserved() && r.pending() == 0 ? t.green("✓ " + proof) : t.red("✗ " + proof));
        if (r.pending() > 0) {
            box.row(t.red(text("  %,d more still wait for a verdict", r.pending())));
        }
        return box.lines();
    }

    private static void fault(Box box, Terminal t, FaultKind kind, FaultCount count) {
        int full = count.injected() == 0 ? 0 : (int) (BAR * count.quarantined() / count.injected());
        String bar = t.green("█".repeat(full)) + t.dim("░".repeat(BAR - full));
        box.row(kind.label(), count(count.quarantined()), count(count.injected()), bar);
    }

    private static void champion(Box box, Terminal t, DemoReport r) {
        Champion c = r.champion();
        if (c == null) {
            box.row(t.red("no model was published yet"));
            return;
        }
        box.row("champion " + c.id(), t.bold(text("%s %.3f", c.metric(), c.value())));
        box.row("  no change", text("%.3f", c.baselines().noChange()));
        box.row("  linear", text("%.3f", c.baselines().linear()));
        box.row("models published", count(r.modelsPublished()));
    }

    private static String count(long n) {
        return text("%,d", n);
    }

    private static String share(long part, long whole) {
        return whole == 0 ? "" : text("%.1f %%", 100.0 * part / whole);
    }

    private static String fraction(@Nullable Double value) {
        return value == null ? "–" : text("%.3f", value);
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
