package io.winnow.core.hygiene;

import io.winnow.core.contract.Contract;
import io.winnow.core.contract.Feature;
import io.winnow.core.contract.FeatureType;
import io.winnow.core.row.Defect;
import io.winnow.core.row.Quote;
import io.winnow.core.row.Row;
import io.winnow.core.row.RowDecoder;
import io.winnow.core.sequence.Past;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How one record came to its bits, computed again from its bytes and its profile: a pure function of the two and the
 * contract, so that it says the same wherever and whenever it is asked.
 *
 * @param profile the profile's hash
 * @param rows rows that the profile had learned
 * @param defect why the record cannot be scored; null where it can
 * @param bits its surprise, the very double that {@code dq.bits} carries; NaN with a defect
 * @param threshold the contract's threshold in bits
 * @param taught what operators' decisions made of it; null with a defect, and where nothing was taught
 * @param views what each view makes of the row, most surprising first; empty with a defect
 * @param fields every field, most surprising first; empty with a defect
 */
public record Explanation(
        String profile,
        long rows,
        @Nullable Defect defect,
        double bits,
        double threshold,
        @Nullable TaughtFactor taught,
        List<View> views,
        List<Field> fields) {

    /** Names of the views, in the scorer's order; those of a sequence last. */
    static final List<String> VIEWS = List.of("fields", "projections", "gaussian", "change", "run");

    public Explanation {
        views = List.copyOf(views);
        fields = List.copyOf(fields);
    }

    /**
     * One view of the row.
     *
     * @param name {@code fields}, {@code projections} or {@code gaussian}; {@code change} and {@code run} where the row was
     *     compared with its key's last ones; {@code range} where a field lies far beyond its range
     * @param bits its bits, ≥ 0: calibrated, but for {@code range}
     */
    public record View(String name, double bits) {}

    /**
     * One field.
     *
     * @param name the feature's name
     * @param type its type
     * @param value the record's value for a person to read, quoted where it is the producer's text; {@code missing}
     * @param alone how surprising the value is by itself, in bits
     * @param givenOthers how surprising it is given the other fields, in bits; NaN where that is not known
     * @param share of the profile's rows that have this category (or one that shares its bucket), or miss the field; NaN
     *     for a number that is there
     * @param histogram the profile's numbers; null for a category, and where the profile knows none
     * @param following how it follows the key's last rows; null for a category, and where there was nothing to compare with
     */
    public record Field(
            String name,
            FeatureType type,
            String value,
            double alone,
            double givenOthers,
            double share,
            @Nullable Histogram histogram,
            @Nullable Following following) {

        /** The most surprising of the ways to look at it, in bits: what {@code dq.fields} carries. */
        public double bits() {
            return following == null ? itself() : Math.max(itself(), Math.max(following.changeBits, following.runBits));
        }

        /** Whether what is most surprising about it is how it follows the key's last rows. */
        public boolean isOddlyFollowing() {
            return bits() > itself();
        }

        private double itself() {
            return Double.isNaN(givenOthers) ? alone : Math.max(alone, givenOthers);
        }
    }

    /**
     * How a number follows its key's last rows.
     *
     * @param change since the last row, or the last accepted one, whichever is less surprising; in scales of the field, 0 if
     *     there is none
     * @param changeBits how surprising that is
     * @param run for how many rows it has had this value, this one included; 0 where it is missing
     * @param runBits how surprising that is
     */
    public record Following(double change, double changeBits, int run, double runBits) {}

    /**
     * Explains a record on its own.
     *
     * @param value the record's bytes; null for a tombstone
     * @throws IllegalArgumentException if the profile was made for another contract
     */
    public static Explanation of(Contract contract, Profile profile, byte @Nullable [] value) {
        return of(contract, profile, value, null);
    }

    /**
     * Explains a record.
     *
     * @param past what it was compared with, by its {@code dq.context}; null where it has none
     * @param value the record's bytes; null for a tombstone
     * @throws IllegalArgumentException if the profile was made for another contract
     */
    public static Explanation of(Contract contract, Profile profile, byte @Nullable [] value, @Nullable Past past) {
        if (!profile.contractHash().equals(contract.hash())) {
            throw new IllegalArgumentException(
                    "profile " + profile.hash() + " was made for another contract than that of " + contract.stream());
        }
        double threshold = contract.hygiene().quarantineBits();
        Row row = new Row(contract);
        Defect defect = new RowDecoder(contract).decode(value, row);
        if (defect != null) {
            return new Explanation(
                    profile.hash(), profile.rows(), defect, Double.NaN, threshold, null, List.of(), List.of());
        }
        Scorer scorer = profile.scorer();
        double bits = scorer.score(row, past);
        return new Explanation(
                profile.hash(),
                profile.rows(),
                null,
                bits,
                threshold,
                TaughtFactor.of(contract, profile, scorer),
                views(scorer),
                fields(contract, profile, scorer, row));
    }

    private static List<View> views(Scorer scorer) {
        double[] bits = scorer.viewBits();
        List<View> views = new ArrayList<>();
        if (scorer.rangeBits() > 0) {
            views.add(new View("range", scorer.rangeBits()));
        }
        for (int v = 0; v < bits.length; v++) {
            if (!Double.isNaN(bits[v])) {
                views.add(new View(VIEWS.get(v), bits[v]));
            }
        }
        views.sort(Comparator.comparingDouble(View::bits).reversed());
        return views;
    }

    private static List<Field> fields(Contract contract, Profile profile, Scorer scorer, Row row) {
        Frame frame = profile.frame;
        int n = contract.features().size();
        double[] alone = scorer.aloneBits(n);
        double[] given = scorer.givenOthersBits(n);
        List<Field> fields = new ArrayList<>();
        for (int j = 0; j < frame.numeric.length; j++) {
            int i = frame.numeric[j];
            Histogram histogram = Histogram.of(profile, j, row.numbers[i]);
            double share = row.isMissing(i) ? missingShare(profile.tally, j) : Double.NaN;
            fields.add(field(
                    contract.features().get(i), row, i, alone[i], given[i], share, histogram, following(scorer, j)));
        }
        for (int c = 0; c < frame.category.length; c++) {
            int i = frame.category[c];
            int first = c * (frame.buckets + 1);
            double share = bucketShare(profile.tally, first, frame.buckets, scorer.fields.buckets[c] - first);
            fields.add(field(contract.features().get(i), row, i, alone[i], given[i], share, null, null));
        }
        fields.sort(Comparator.comparingDouble(Field::bits).reversed());
        return fields;
    }

    private static Field field(
            Feature feature,
            Row row,
            int i,
            double alone,
            double given,
            double share,
            @Nullable Histogram histogram,
            @Nullable Following following) {
        return new Field(
                feature.name(),
                feature.type(),
                text(feature.type(), row, i),
                alone,
                given,
                share,
                histogram,
                following);
    }

    private static @Nullable Following following(Scorer scorer, int column) {
        SequenceView sequence = scorer.sequence;
        return sequence == null || !sequence.isCompared()
                ? null
                : new Following(
                        sequence.change(column),
                        sequence.changeBits(column),
                        sequence.run(column),
                        sequence.runBits(column));
    }

    private static double missingShare(Tally tally, int column) {
        double missing = tally.missing[column];
        double all = missing;
        for (int i = column * Grid.CELLS; i < (column + 1) * Grid.CELLS; i++) {
            all += tally.fields[i];
        }
        return all == 0 ? 0 : missing / all;
    }

    private static double bucketShare(Tally tally, int from, int buckets, int bucket) {
        double all = 0;
        for (int b = from; b <= from + buckets; b++) {
            all += tally.categories[b];
        }
        return all == 0 ? 0 : tally.categories[from + bucket] / all;
    }

    private static String text(FeatureType type, Row row, int i) {
        String category = row.categories[i];
        double number = row.numbers[i];
        if (category != null) {
            return Quote.of(category);
        }
        if (Double.isNaN(number)) {
            return "missing";
        }
        return switch (type) {
            case BOOLEAN -> number == 0 ? "false" : "true";
            case TIME -> time(number);
            case NUMBER, CATEGORY -> number(number);
        };
    }

    /** Six significant digits, without an exponent where that is as short. */
    private static String number(double number) {
        BigDecimal rounded = new BigDecimal(number).round(new MathContext(6)).stripTrailingZeros();
        String plain = rounded.toPlainString();
        return plain.length() <= 12 ? plain : String.format(Locale.ROOT, "%.6g", number);
    }

    private static String time(double millis) {
        return Math.abs(millis) < Long.MAX_VALUE / 2.0
                ? Instant.ofEpochMilli((long) millis).toString()
                : number(millis);
    }
}
