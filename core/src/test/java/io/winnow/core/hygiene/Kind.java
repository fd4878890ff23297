package io.winnow.core.hygiene;

import io.winnow.core.contract.Contract;
import io.winnow.core.contract.ContractReader;
import io.winnow.core.row.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Kinds of data that the laws must hold on. Four numbers, a flag, two categories; eight keys in turn. */
enum Kind {
    /** Four correlated numbers. */
    GAUSSIAN,
    /** Student's t with one degree of freedom. */
    HEAVY_TAILS,
    /** Three fields that never change, one that hardly ever does. */
    CONSTANTS,
    /** Small whole numbers. */
    INTEGERS,
    /** Mostly zero, and otherwise anything. */
    SPIKES,
    /** Numbers that say nothing; one category of few values, one of hundreds. */
    CATEGORIES,
    /** Each value missing in a third of the rows, one field nearly always. */
    MISSING,
    /** Magnitudes from 1e-300 to 1e300, in fields of their own and in one. */
    EXTREMES;

    static final int NUMBERS = 4;
    private static final int KEYS = 8;

    /** The contract of all kinds, features in this order. */
    static Contract contract(String stream, boolean contextual, List<Integer> order) {
        List<String> features = new ArrayList<>();
        for (int i : order) {
            String type = i < NUMBERS ? "number" : i == NUMBERS ? "boolean" : "category";
            features.add("  - {name: f" + i + ", type: " + type + "}\n");
        }
        String context = contextual ? "context: {per: key}\n" : "";
        return ContractReader.parse(
                "stream: " + stream + "\nkey: k\n" + context + "features:\n" + String.join("", features), "law.yaml");
    }

    /** So many rows; the same for the same seed. */
    List<Row> rows(int count, long seed) {
        Random random = new Random(seed);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Row row = new Row(NUMBERS + 3);
            row.key = "k" + i % KEYS;
            double common = random.nextGaussian();
            for (int f = 0; f < NUMBERS; f++) {
                row.numbers[f] = number(f, Math.sqrt(0.5) * (common + random.nextGaussian()), random);
            }
            row.numbers[NUMBERS] = random.nextInt(10) == 0 ? 1 : 0;
            int value = (int) Math.abs(3 * random.nextGaussian());
            row.categories[NUMBERS + 1] = missing(random) ? null : "v" + value;
            row.categories[NUMBERS + 2] = "w" + (this == CATEGORIES ? random.nextInt(700) : value % 2);
            rows.add(row);
        }
        return rows;
    }

    private boolean missing(Random random) {
        return this == MISSING && random.nextInt(3) == 0;
    }

    private double number(int field, double x, Random random) {
        return switch (this) {
            case GAUSSIAN, CATEGORIES -> Math.rint(x * 1024) / 1024;
            case HEAVY_TAILS -> x / Math.abs(random.nextGaussian());
            case CONSTANTS -> field > 0 ? 7 * field : random.nextInt(300) == 0 ? 1 : 0;
            case INTEGERS -> Math.rint((field + 1) * x);
            case SPIKES -> random.nextInt(4) == 0 ? Math.exp(2 * x) : 0;
            case MISSING -> missing(random) || (field == 3 && random.nextInt(20) > 0) ? Double.NaN : x;
            case EXTREMES ->
                switch (field) {
                    case 0 -> x * 1e300;
                    case 1 -> x * 1e-300;
                    case 2 -> Math.copySign(Math.pow(10, 300 * Math.tanh(x)), x);
                    default -> random.nextInt(100) == 0 ? Double.MAX_VALUE : x;
                };
        };
    }
}
