package io.winnow.core.infer;

import io.winnow.core.contract.ContractException;
import io.winnow.core.contract.FeatureType;
import io.winnow.core.contract.TimeField;
import io.winnow.core.contract.TimeField.Format;
import io.winnow.core.row.Quote;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which fields are more than features, by their names and values.
 *
 * @param time where the event time is
 * @param key whose rows stay in order
 * @param target what the trainer learns
 */
record Roles(Optional<TimeField> time, Optional<ColumnStats> key, Optional<ColumnStats> target) {
    private static final List<String> TARGETS =
            List.of("target", "label", "class", "y", "outcome", "response", "price");
    private static final Set<String> TIME_WORDS =
            Set.of("time", "timestamp", "ts", "date", "datetime", "epoch", "at", "when");
    private static final Set<String> KEY_WORDS = Set.of(
            "id",
            "key",
            "site",
            "device",
            "sensor",
            "station",
            "customer",
            "account",
            "user",
            "machine",
            "host",
            "symbol",
            "meter",
            "vehicle",
            "unit",
            "location",
            "region",
            "store",
            "plant");

    /** The years 1990 to 2100: other numbers are no clock's. */
    private static final double FIRST_SECOND = 631_152_000;

    private static final double LAST_SECOND = 4_102_444_800.0;

    static Roles of(Sample sample, Optional<String> targetName, String file) {
        Optional<ColumnStats> target =
                targetName.isPresent() ? Optional.of(named(sample, targetName.get(), file)) : target(sample);
        List<ColumnStats> others = sample.fields().stream()
                .filter(s -> target.isEmpty() || s != target.get())
                .toList();
        Optional<TimeField> time = others.stream()
                .filter(sample::isComplete)
                .filter(s -> format(s) != null)
                // Fields named like a time come first; within those the file's order holds.
                .min((a, b) -> Boolean.compare(!hasWord(a, TIME_WORDS), !hasWord(b, TIME_WORDS)))
                .map(s -> new TimeField(s.name, formatOf(s)));
        List<ColumnStats> candidates = others.stream()
                .filter(s -> time.isEmpty() || !s.name.equals(time.get().field()))
                .filter(s -> repeats(sample, s))
                .toList();
        Optional<ColumnStats> key = candidates.stream()
                .filter(s -> hasWord(s, KEY_WORDS))
                .findFirst()
                .or(() -> candidates.stream()
                        .filter(s -> s.texts == s.present && s.distinct().size() >= 5)
                        .findFirst());
        return new Roles(time, key, target);
    }

    private static ColumnStats named(Sample sample, String name, String file) {
        ColumnStats s = sample.columns().get(name);
        if (s == null) {
            throw new ContractException(file + ": has no column " + Quote.of(name) + " to be the target; it has "
                    + String.join(
                            ", ",
                            sample.fields().stream()
                                    .limit(20)
                                    .map(c -> Quote.of(c.name))
                                    .toList()));
        }
        return s;
    }

    private static Optional<ColumnStats> target(Sample sample) {
        return TARGETS.stream()
                .flatMap(t -> sample.fields().stream().filter(s -> s.name.equalsIgnoreCase(t)))
                .filter(s -> FieldGuess.target(s, sample.csv()).type().isPresent())
                .findFirst();
    }

    private static @Nullable Format format(ColumnStats s) {
        if (s.isAllIsoTimes()) {
            return Format.ISO_8601;
        }
        if (!s.isAllNumbers() || !hasWord(s, TIME_WORDS)) {
            return null;
        }
        if (s.min >= FIRST_SECOND && s.max <= LAST_SECOND) {
            return Format.EPOCH_SECONDS;
        }
        return s.min >= FIRST_SECOND * 1_000 && s.max <= LAST_SECOND * 1_000 ? Format.EPOCH_MILLIS : null;
    }

    private static Format formatOf(ColumnStats s) {
        Format format = format(s);
        return format == null ? Format.ISO_8601 : format;
    }

    /** Whether its values are things that come again and again: strings or whole numbers, each many times. */
    private static boolean repeats(Sample sample, ColumnStats s) {
        boolean things = s.texts == s.present || (s.wholeNumbers == s.present && hasWord(s, KEY_WORDS));
        return things
                && sample.isComplete(s)
                && !s.isAllIsoTimes()
                && s.distinct().size() >= 2
                && !s.isOverflowing()
                && s.distinct().size() * 10L <= s.present
                && s.maxChars <= FeatureType.MAX_CATEGORY_CHARS;
    }

    /** Whether the name, cut at capitals and signs, has one of these words: {@code eventTime}, {@code site_id}. */
    private static boolean hasWord(ColumnStats s, Set<String> words) {
        String spaced = s.name.replaceAll("(?<=[a-z0-9])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
        return Arrays.stream(spaced.split("[^\\p{L}]+")).anyMatch(words::contains);
    }
}
