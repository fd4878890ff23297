package io.winnow.app.bench;

import io.winnow.core.contract.Contract;
import io.winnow.core.contract.ContractReader;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A stream to learn from: 20 numbers, and a target that follows from products of them, which no straight line fits. */
final class TrainingStream {
    static final int FIELDS = 20;

    private static final double DECIMALS = 10_000;
    private static final double NOISE = 0.1;

    private final SplittableRandom random;
    private final double[] values = new double[FIELDS];
    private final StringBuilder text = new StringBuilder();

    TrainingStream(long seed) {
        random = new SplittableRandom(seed);
    }

    /** The contract: a window of so many rows, which is trained on when all are there or somebody asks. */
    static String contract(int rows) {
        return "stream: bench\nfeatures:\n"
                + IntStream.range(0, FIELDS)
                        .mapToObj(i -> "  - {name: " + name(i) + ", type: number}\n")
                        .collect(Collectors.joining())
                + "target: {name: y, type: number}\n"
                + "training: {window-rows: " + rows + ", min-rows: " + rows + ", every-rows: 1000000000,"
                + " every-minutes: 1000000}\n";
    }

    static Contract read(String contract) {
        return ContractReader.parse(contract, "the benchmark's contract");
    }

    private static String name(int field) {
        return String.format("x%02d", field);
    }

    /** The next record's value. */
    byte[] next() {
        text.setLength(0);
        text.append('{');
        for (int i = 0; i < FIELDS; i++) {
            values[i] = random.nextGaussian();
            text.append('"')
                    .append(name(i))
                    .append("\":")
                    .append(rounded(values[i]))
                    .append(',');
        }
        double target = 10 + NOISE * random.nextGaussian();
        for (int i = 0; i + 1 < FIELDS; i += 4) {
            target += values[i] * values[i + 1];
        }
        return text.append("\"y\":")
                .append(rounded(target))
                .append('}')
                .toString()
                .getBytes(StandardCharsets.UTF_8);
    }

    private static double rounded(double x) {
        return Math.rint(x * DECIMALS) / DECIMALS;
    }
}
