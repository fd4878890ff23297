package io.winnow.app.bench;

import io.winnow.core.contract.Contract;
import io.winnow.core.contract.ContractReader;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The stream that is measured: JSON of 20 correlated numbers of four decimals, about 290 bytes, all of it by seed. */
final class BenchStream {
    static final int FIELDS = 20;

    static final Contract CONTRACT = ContractReader.parse(
            "stream: bench\nfeatures:\n"
                    + IntStream.range(0, FIELDS)
                            .mapToObj(i -> "  - {name: " + name(i) + ", type: number}\n")
                            .collect(Collectors.joining()),
            "the benchmark's contract");

    private static final double DECIMALS = 10_000;
    /** How much of each field is its own, and not what it shares with the others. */
    private static final double OWN = 0.8;

    private final SplittableRandom random;
    private final StringBuilder text = new StringBuilder();

    BenchStream(long seed) {
        random = new SplittableRandom(seed);
    }

    private static String name(int field) {
        return String.format("x%02d", field);
    }

    /** The next record's value. */
    byte[] next() {
        text.setLength(0);
        double shared = random.nextGaussian() * Math.sqrt(1 - OWN * OWN);
        for (int i = 0; i < FIELDS; i++) {
            double x = (i + 1) * (shared + OWN * random.nextGaussian());
            text.append(i == 0 ? "{\"" : ",\"")
                    .append(name(i))
                    .append("\":")
                    .append(Math.rint(x * DECIMALS) / DECIMALS);
        }
        return text.append('}').toString().getBytes(StandardCharsets.UTF_8);
    }
}
