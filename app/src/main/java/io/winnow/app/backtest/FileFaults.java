package io.winnow.app.backtest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.winnow.core.contract.Contract;
import io.winnow.core.contract.Feature;
import io.winnow.core.contract.FeatureType;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Puts the demo's kinds of fault into a file's records, in equal shares, row and field drawn uniformly among its numeric
 * features; never into the target. A draw that would leave the record as it was is no fault and is drawn again.
 */
final class FileFaults {
    private static final ObjectMapper JSON = new ObjectMapper();
    /** A frozen sensor repeats its value over a block of this many rows of its key, the first of them genuine. */
    private static final int FROZEN_ROWS = 12;
    /** Earlier rows of the key that show what is ordinary. */
    private static final int ORDINARY_ROWS = 64;
    /** An impossible value is at least this share of the ordinary span away from the true one. */
    private static final double CONTRADICTION = 0.25;

    private static final int DRAWS = 20;

    private enum Kind {
        UNIT_SLIP,
        SIGN_FLIP,
        SWAPPED_FIELDS,
        IMPOSSIBLE_COMBINATION,
        MISSING_FIELDS,
        BROKEN_JSON
    }

    private final double share;
    private final SplittableRandom random;
    private final List<String> fields;
    private final Map<String, Site> sites = new HashMap<>();

    /** One key's last rows, and its sensor that is stuck, if one is. */
    private static final class Site {
        final ArrayDeque<ObjectNode> last = new ArrayDeque<>();

        @Nullable
        String stuckField;

        @Nullable
        JsonNode stuckValue;

        int stuckRows;
    }

    /**
     * A record as it is sent.
     *
     * @param corrupted whether something was changed
     */
    record Sent(byte[] value, boolean corrupted) {}

    /** Faults in this share of the rows; none with 0. */
    FileFaults(Contract contract, double share, long seed) {
        this.share = share;
        this.random = new SplittableRandom(seed);
        this.fields = contract.features().stream()
                .filter(f -> f.type() == FeatureType.NUMBER)
                .map(Feature::name)
                .toList();
    }

    /** The next record of the file, faulty or not. */
    Sent next(byte[] value, byte @Nullable [] key) throws IOException {
        if (share == 0 || fields.isEmpty() || !(JSON.readTree(value) instanceof ObjectNode record)) {
            return new Sent(value, false);
        }
        Site site = sites.computeIfAbsent(key == null ? "" : new String(key, StandardCharsets.UTF_8), k -> new Site());
        Sent sent = spoil(value, record, site);
        site.last.addLast(record);
        if (site.last.size() > ORDINARY_ROWS) {
            site.last.removeFirst();
        }
        return sent;
    }

    private Sent spoil(byte[] value, ObjectNode record, Site site) throws IOException {
        int kinds = Kind.values().length + 1;
        if (site.stuckRows > 0) {
            site.stuckRows--;
            ObjectNode stuck = record.deepCopy();
            stuck.set(site.stuckField, site.stuckValue);
            // What happens to be right is no fault.
            return stuck.equals(record) ? new Sent(value, false) : new Sent(JSON.writeValueAsBytes(stuck), true);
        }
        if (random.nextDouble() < share / kinds / (FROZEN_ROWS - 1)) {
            site.stuckField = field();
            site.stuckValue = record.get(site.stuckField);
            site.stuckRows = site.stuckValue == null || !site.stuckValue.isNumber() ? 0 : FROZEN_ROWS - 1;
            return new Sent(value, false);
        }
        if (random.nextDouble() >= share * (kinds - 1) / kinds) {
            return new Sent(value, false);
        }
        Kind kind = Kind.values()[random.nextInt(Kind.values().length)];
        if (kind == Kind.BROKEN_JSON) {
            return new Sent(Arrays.copyOf(value, 1 + random.nextInt(value.length - 2)), true);
        }
        for (int draw = 0; draw < DRAWS; draw++) {
            ObjectNode spoiled = record.deepCopy();
            change(kind, spoiled, site);
            if (!spoiled.equals(record)) {
                return new Sent(JSON.writeValueAsBytes(spoiled), true);
            }
        }
        return new Sent(value, false);
    }

    private String field() {
        return fields.get(random.nextInt(fields.size()));
    }

    private void change(Kind kind, ObjectNode record, Site site) {
        String field = field();
        JsonNode old = record.get(field);
        if (old == null || !old.isNumber()) {
            return;
        }
        BigDecimal number = old.decimalValue();
        switch (kind) {
            case UNIT_SLIP -> {
                if (number.signum() != 0) {
                    record.put(field, number.movePointRight(new int[] {1, 3, -1, -3}[random.nextInt(4)]));
                }
            }
            case SIGN_FLIP -> {
                if (number.signum() != 0) {
                    record.put(field, number.negate());
                }
            }
            case SWAPPED_FIELDS -> {
                String other = field();
                JsonNode theirs = record.get(other);
                if (theirs != null && theirs.isNumber()) {
                    record.set(field, theirs);
                    record.set(other, old);
                }
            }
            case IMPOSSIBLE_COMBINATION -> impossible(record, field, number.doubleValue(), site);
            case MISSING_FIELDS -> {
                record.remove(field);
                Stream.generate(this::field).limit(random.nextInt(3)).toList().forEach(record::remove);
            }
            case BROKEN_JSON -> throw new IllegalStateException("made elsewhere");
        }
    }

    /** A value that was ordinary for the key lately, but not now. */
    private void impossible(ObjectNode record, String field, double value, Site site) {
        List<JsonNode> others = new ArrayList<>();
        for (ObjectNode earlier : site.last) {
            JsonNode other = earlier.get(field);
            if (other != null && other.isNumber()) {
                others.add(other);
            }
        }
        if (others.size() < 2) {
            return;
        }
        double low = others.stream().mapToDouble(JsonNode::doubleValue).min().orElse(0);
        double high = others.stream().mapToDouble(JsonNode::doubleValue).max().orElse(0);
        JsonNode donor = others.get(random.nextInt(others.size()));
        if (high > low && Math.abs(donor.doubleValue() - value) >= CONTRADICTION * (high - low)) {
            record.set(field, donor);
        }
    }
}
