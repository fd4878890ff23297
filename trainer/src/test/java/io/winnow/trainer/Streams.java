package io.winnow.trainer;

import io.winnow.core.contract.Contract;
import io.winnow.core.contract.ContractReader;
import io.winnow.core.row.Row;
import io.winnow.trainer.window.CleanRow;
import io.winnow.trainer.window.LiveWindow;
import io.winnow.trainer.window.Window;
import java.util.Random;
import java.util.function.Consumer;

/** Small synthetic streams with a known law. */
public final class Streams {
    private Streams() {}

    /** Number, category, boolean and time fields; the target is a number. */
    public static Contract regression(int windowRows) {
        return contract("number", windowRows);
    }

    /** The same fields; the target is a category. */
    public static Contract classification(int windowRows) {
        return contract("category", windowRows);
    }

    private static Contract contract(String target, int windowRows) {
        return ContractReader.parse(yaml(target, windowRows), "test.yaml");
    }

    /** The contract's text, with a target of this type. */
    public static String yaml(String target, int windowRows) {
        return """
                stream: s
                key: site
                time: {field: ts, format: epoch-millis}
                features:
                  - {name: a, type: number}
                  - {name: b, type: number}
                  - {name: region, type: category}
                  - {name: open, type: boolean}
                target: {name: y, type: %s}
                derive: {lags: [1, 2], means: [3]}
                training: {window-rows: %d, min-rows: 200, every-rows: 500}
                """.formatted(target, windowRows);
    }

    /** What a row's target is, given its features. */
    public interface Law {
        /** The target; for classification the class's number. */
        double target(double a, double b, String region, Random random);
    }

    /** A product of two features: no linear model and no last value can follow it. */
    public static final Law PRODUCT =
            (a, b, region, random) -> 3 * a * b + (region.equals("north") ? 1 : 0) + 0.1 * random.nextGaussian();

    /** Two classes by the sign of a product. */
    public static final Law SIGN = (a, b, region, random) -> a * b > 0 ? 1 : 0;

    /** A window of rows by this law; a tenth of the values are missing. */
    public static Window window(Contract contract, int rows, long seed, Law law) {
        LiveWindow window = new LiveWindow(contract);
        feed(contract, rows, seed, law, window::add);
        return window.cut();
    }

    /** The same rows, one after another. */
    public static void feed(Contract contract, int rows, long seed, Law law, Consumer<CleanRow> taker) {
        Random random = new Random(seed);
        Row row = new Row(contract);
        for (int i = 0; i < rows; i++) {
            double a = random.nextGaussian();
            double b = random.nextGaussian();
            String region = random.nextBoolean() ? "north" : "sûd";
            row.clear();
            row.eventTime = 1_700_000_000_000L + i * 3_600_000L;
            row.numbers[0] = a;
            row.numbers[1] = b;
            row.numbers[3] = random.nextBoolean() ? 1 : 0;
            row.categories[2] = region;
            double target = law.target(a, b, region, random);
            if (contract.target().orElseThrow().isRegression()) {
                row.targetNumber = target;
            } else {
                row.targetCategory = Integer.toString((int) target);
            }
            if (random.nextInt(10) == 0) {
                row.numbers[3] = Double.NaN;
                row.categories[2] = null;
            }
            taker.accept(new CleanRow(i % 2, i / 2, i / 2, row.eventTime, i % 3, CleanRow.Standing.ACCEPTED, row));
        }
    }
}
