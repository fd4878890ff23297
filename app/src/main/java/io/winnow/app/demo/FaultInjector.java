package io.winnow.app.demo;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Spoils two percent of the grid's records, the kinds in equal shares, row and field drawn uniformly among all numeric
 * features. A pure function of seed and record number. A draw that would leave the record as it was (the sign of 0) is no
 * fault and is drawn again; nothing else is.
 */
final class FaultInjector {
    /** The share of records that carry a fault. */
    static final double SHARE = 0.02;

    /** A frozen sensor repeats its value over a block of this many readings of its site, the first of them genuine. */
    static final int FROZEN_READINGS = 12;

    /** An impossible value is at least this share of the site's ordinary span away from the true one. */
    static final double CONTRADICTION = 0.25;

    /** Readings of a site, a little over a week apart in all, that show what is ordinary for it. */
    private static final int SPAN_SAMPLE = 64;

    private static final long SPAN_STEP = 11;

    private final GridStream grid;
    private final Noise noise;

    FaultInjector(GridStream grid, long seed) {
        this.grid = grid;
        this.noise = new Noise(seed).fork(0xfa17);
    }

    /**
     * What the producer sends as one record, and what is known about it.
     *
     * @param key the Kafka key
     * @param value the Kafka value
     * @param fault what is wrong with it, if anything
     */
    record Sent(String key, byte[] value, Optional<FaultKind> fault) {}

    /** Record number {@code n} as it is sent. */
    Sent at(long n) {
        Reading reading = grid.at(n);
        Optional<Reading> frozen = frozen(n, reading);
        if (frozen.isPresent()) {
            return new Sent(reading.site(), frozen.get().bytes(), Optional.of(FaultKind.FROZEN_SENSOR));
        }
        Noise draw = noise.fork(n);
        FaultKind[] kinds = FaultKind.values();
        double singleRowShare = SHARE * (kinds.length - 1) / kinds.length;
        if (draw.uniform(0) >= singleRowShare) {
            return new Sent(reading.site(), reading.bytes(), Optional.empty());
        }
        FaultKind kind = kinds[draw.below(kinds.length - 1, 1)];
        return new Sent(reading.site(), spoil(kind, reading, n, draw), Optional.of(kind));
    }

    private byte[] spoil(FaultKind kind, Reading reading, long n, Noise draw) {
        if (kind == FaultKind.BROKEN_JSON) {
            return broken(reading.json(), draw);
        }
        for (long attempt = 0; ; attempt++) {
            Noise again = draw.fork(2 + attempt);
            Reading spoiled = switch (kind) {
                case UNIT_SLIP -> unitSlip(reading, again);
                case SIGN_FLIP -> signFlip(reading, again);
                case SWAPPED_FIELDS -> swap(reading, again);
                case IMPOSSIBLE_COMBINATION -> impossible(reading, n, again);
                case MISSING_FIELDS -> missing(reading, again);
                case BROKEN_JSON, FROZEN_SENSOR -> throw new IllegalStateException(kind + " is made elsewhere");
            };
            if (!spoiled.equals(reading)) {
                return spoiled.bytes();
            }
        }
    }

    private static String field(Noise draw, long position) {
        return GridStream.NUMBERS.get(draw.below(GridStream.NUMBERS.size(), position));
    }

    private static Reading unitSlip(Reading reading, Noise draw) {
        String field = field(draw, 0);
        int[] powers = {1, 3, -1, -3};
        BigDecimal slipped = reading.number(field).movePointRight(powers[draw.below(powers.length, 1)]);
        return slipped.signum() == 0 ? reading : reading.with(field, slipped.toPlainString());
    }

    private static Reading signFlip(Reading reading, Noise draw) {
        String field = field(draw, 0);
        BigDecimal value = reading.number(field);
        return value.signum() == 0
                ? reading
                : reading.with(field, value.negate().toPlainString());
    }

    private static Reading swap(Reading reading, Noise draw) {
        String one = field(draw, 0);
        String other = field(draw, 1);
        return reading.with(one, reading.text(other)).with(other, reading.text(one));
    }

    /** Takes the field's value from another reading of the same site, near enough that it is ordinary in this season. */
    private Reading impossible(Reading reading, long n, Noise draw) {
        String field = field(draw, 0);
        double[] ordinary = new double[SPAN_SAMPLE];
        List<Reading> others = new ArrayList<>(SPAN_SAMPLE);
        for (int i = 0; i < SPAN_SAMPLE; i++) {
            others.add(grid.at(around(n, (i - SPAN_SAMPLE / 2) * SPAN_STEP)));
            ordinary[i] = others.get(i).number(field).doubleValue();
        }
        double[] sorted = ordinary.clone();
        Arrays.sort(sorted);
        double span = sorted[SPAN_SAMPLE - 1] - sorted[0];
        int donor = draw.below(SPAN_SAMPLE, 1);
        double distance = Math.abs(ordinary[donor] - reading.number(field).doubleValue());
        return distance < CONTRADICTION * span
                ? reading
                : reading.with(field, others.get(donor).text(field));
    }

    /** The record of the same site some steps away, or mirrored where the stream has not begun. */
    private static long around(long n, long steps) {
        long other = n + steps * GridStream.SITES;
        return other >= 0 ? other : n - steps * GridStream.SITES;
    }

    private static Reading missing(Reading reading, Noise draw) {
        Reading rest = reading;
        int count = 1 + draw.below(3, 0);
        for (int i = 0; i < count; i++) {
            rest = rest.without(field(draw, 1 + i));
        }
        return rest;
    }

    /** Cut off, a quote lost, or a comma too many, as failing producers do. */
    private static byte[] broken(String json, Noise draw) {
        int at = 1 + draw.below(json.length() - 2, 3);
        int quote = json.indexOf('"', draw.below(json.lastIndexOf('"'), 3));
        String text = switch (draw.below(3, 2)) {
            case 0 -> json.substring(0, at);
            case 1 -> json.substring(0, quote) + json.substring(quote + 1);
            default -> json.substring(0, json.length() - 1) + ",}";
        };
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The reading with a stuck field, where its site's block is a frozen one. */
    private Optional<Reading> frozen(long n, Reading reading) {
        int site = (int) (n % GridStream.SITES);
        long step = n / GridStream.SITES;
        long first = step - step % FROZEN_READINGS;
        Noise draw = noise.fork(0xf0 + site).fork(first);
        double blocks = SHARE / FaultKind.values().length * FROZEN_READINGS / (FROZEN_READINGS - 1);
        if (step == first || draw.uniform(0) >= blocks) {
            return Optional.empty();
        }
        String field = field(draw, 1);
        Reading start = grid.at(first * GridStream.SITES + site);
        Reading stuck = reading.with(field, start.text(field));
        return stuck.equals(reading) ? Optional.empty() : Optional.of(stuck);
    }
}
