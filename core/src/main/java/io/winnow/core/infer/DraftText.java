package io.winnow.core.infer;

import io.winnow.core.contract.Contract;
import io.winnow.core.contract.ContractException;
import io.winnow.core.contract.FeatureType;
import io.winnow.core.contract.Training;
import io.winnow.core.row.Quote;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Writes a draft as YAML, each line with its reason. */
final class DraftText {
    /** Words that some YAML reader takes for a boolean or null. */
    private static final Set<String> YAML_WORDS = Set.of("true", "false", "null", "yes", "no", "on", "off", "y", "n");

    private static final long MODELS_PER_FILE = 8;

    private final Path file;
    private final Sample sample;
    private final Roles roles;
    private final String body;

    DraftText(Path file, Sample sample, Roles roles) {
        this.file = file;
        this.sample = sample;
        this.roles = roles;
        this.body = write();
    }

    /** What it was drafted from, as comments. */
    String head(long fitting) {
        String from = sample.whole()
                ? "all its " + count(sample.readable()) + " records"
                : "its first " + count(sample.readable()) + " records of about " + count(sample.rows());
        String rest = sample.unreadable() == 0
                ? ""
                : "\n# " + count(sample.unreadable()) + " more lines could not be read: they will be quarantined.";
        return "# Drafted by 'winnow infer' from " + Quote.of(String.valueOf(file.getFileName())) + ", " + from + ": "
                + (fitting == sample.readable() ? "all" : count(fitting)) + " fit it." + rest
                + "\n# Read it before you run it: types and 'required' are guesses, and bounds are for you to add, as in"
                + "\n#   - {name: demand, type: number, min: 0, max: 1000, required: true}\n";
    }

    /** The contract. */
    String body() {
        return body;
    }

    private String write() {
        StringBuilder s = new StringBuilder();
        line(s, "stream: " + quoted(ContractInference.streamName(file)), "its topics are named after it");
        roles.key()
                .ifPresentOrElse(
                        k -> line(
                                s,
                                "key: " + quoted(k.name),
                                k.distinct().size() + " different values: rows of one key stay in order"),
                        () -> s.append("# key: FIELD  # no field looks like one: rows are kept in no order\n"));
        roles.time()
                .ifPresentOrElse(
                        t -> line(
                                s,
                                "time: {field: " + quoted(t.field()) + ", format: "
                                        + t.format().label() + "}",
                                "each value is a time"),
                        () -> s.append(
                                "# time: {field: FIELD, format: iso-8601}  # none found: arrival time serves\n"));
        features(s);
        roles.target()
                .ifPresentOrElse(
                        t -> target(s, t),
                        () -> s.append("# target: {name: FIELD, type: number}"
                                + "  # no field is named like one; give it with --target\n"));
        return s.toString();
    }

    private void features(StringBuilder s) {
        List<String> leftOut = new ArrayList<>();
        s.append("features:\n");
        int taken = 0;
        for (ColumnStats c : sample.fields()) {
            if (isTarget(c) || isTime(c)) {
                continue;
            }
            FieldGuess guess = FieldGuess.feature(c, sample.csv());
            if (c.name.isBlank() || guess.type().isEmpty() || taken == Contract.MAX_FEATURES) {
                leftOut.add(Quote.of(c.name) + ": "
                        + (taken == Contract.MAX_FEATURES ? "beyond " + taken + " features" : guess.note()));
                continue;
            }
            taken++;
            feature(s, c, guess.type().get(), guess.note());
        }
        leftOut.forEach(l -> s.append("  # left out: ").append(l).append('\n'));
        if (taken == 0) {
            throw new ContractException(file + ": has no field that can be judged: " + String.join("; ", leftOut));
        }
    }

    private void feature(StringBuilder s, ColumnStats c, FeatureType type, String note) {
        boolean required = sample.isComplete(c);
        String missing = required
                ? ""
                : "; missing in " + Math.max(1, Math.round(100.0 - 100.0 * c.present / sample.readable())) + " %";
        line(
                s,
                "  - {name: " + quoted(c.name) + ", type: " + type.label() + (required ? ", required: true}" : "}"),
                note + missing);
    }

    private void target(StringBuilder s, ColumnStats t) {
        FieldGuess guess = FieldGuess.target(t, sample.csv());
        FeatureType type = guess.type()
                .orElseThrow(() -> new ContractException(file + ": " + Quote.of(t.name) + " " + guess.note()));
        line(s, "target: {name: " + quoted(t.name) + ", type: " + type.label() + "}", guess.note());
        int every = everyRows(sample.rows());
        int min = (int) Math.max(50, Math.min(Training.DEFAULT.minRows(), every / 2));
        line(
                s,
                "training: {every-rows: " + every + ", min-rows: " + min + "}",
                "about " + Math.max(1, sample.rows() / every) + " models over a file of this size");
    }

    /** Retrain about eight times over the file, in round steps of 1, 2 or 5, but never more than the default. */
    static int everyRows(long rows) {
        int step = 50;
        for (int decade = 10; decade <= 10_000; decade *= 10) {
            for (int factor : new int[] {1, 2, 5}) {
                int candidate = decade * factor;
                if (candidate >= 50
                        && candidate <= Training.DEFAULT.everyRows()
                        && candidate * MODELS_PER_FILE <= rows) {
                    step = candidate;
                }
            }
        }
        return step;
    }

    private boolean isTarget(ColumnStats c) {
        return roles.target().isPresent() && roles.target().get() == c;
    }

    private boolean isTime(ColumnStats c) {
        return roles.time().isPresent() && roles.time().get().field().equals(c.name);
    }

    private static void line(StringBuilder s, String yaml, String why) {
        s.append(yaml).append("  # ").append(why).append('\n');
    }

    /** A name as YAML: plain where every reader takes it for text, else in double quotes. */
    private static String quoted(String name) {
        if (name.matches("[a-zA-Z][a-zA-Z0-9_-]*") && !YAML_WORDS.contains(name.toLowerCase(Locale.ROOT))) {
            return name;
        }
        StringBuilder s = new StringBuilder("\"");
        name.codePoints().forEach(c -> {
            if (c == '"' || c == '\\') {
                s.append('\\').append((char) c);
            } else if (c < ' ' || (c >= 0x7f && !Character.isLetterOrDigit(c))) {
                s.append(String.format(Locale.ROOT, "\\U%08x", c));
            } else {
                s.appendCodePoint(c);
            }
        });
        return s.append('"').toString();
    }

    private static String count(long n) {
        return String.format(Locale.ROOT, "%,d", n);
    }
}
