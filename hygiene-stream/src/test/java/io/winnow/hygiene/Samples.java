package io.winnow.hygiene;

import io.winnow.core.contract.Contract;
import io.winnow.core.contract.ContractReader;
import io.winnow.hygiene.judge.JudgeRules;
import io.winnow.hygiene.lease.LeaseLostException;
import io.winnow.hygiene.lease.Tenure;
import io.winnow.hygiene.record.RawRecord;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Contracts, rows and hostile values for tests; everything by seed. */
public final class Samples {
    public static final Contract GRID = ContractReader.parse("""
            stream: grid
            features:
              - {name: demand, type: number, min: 0, max: 1000, required: true}
              - {name: wind, type: number}
              - {name: region, type: category}
            """, "grid.yaml");

    private Samples() {}

    public static JudgeRules rules(Contract contract, Path sideDirectory) {
        return rules(contract, 1 << 20, 1 << 20, sideDirectory);
    }

    public static JudgeRules rules(Contract contract, int cleanBytes, int quarantineBytes, Path sideDirectory) {
        return new JudgeRules(ContractText.of(contract), 20_000, cleanBytes, quarantineBytes, sideDirectory.toString());
    }

    /** Row {@code i} of an endless stream of ordinary rows. */
    public static byte[] value(long i) {
        Random r = new Random(i * 0x9E3779B97F4A7C15L);
        String region = List.of("north", "south", "west").get(r.nextInt(3));
        return bytes(String.format(
                Locale.ROOT,
                "{\"demand\":%.3f,\"wind\":%.3f,\"region\":\"%s\"}",
                500 + 40 * r.nextGaussian(),
                10 + 2 * r.nextGaussian(),
                region));
    }

    public static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    public static RawRecord raw(long offset, byte @Nullable [] value) {
        return raw(0, offset, value);
    }

    public static RawRecord raw(int partition, long offset, byte @Nullable [] value) {
        return new RawRecord(
                "grid.raw",
                partition,
                offset,
                1_700_000_000_000L + offset,
                bytes("k" + offset),
                value,
                new String[0],
                new byte[0][]);
    }

    /** Values that no stream should carry, each to be quarantined as MALFORMED or INVALID with its bytes intact. */
    public static List<byte @Nullable []> hostileValues() {
        List<byte @Nullable []> values = new ArrayList<>();
        values.add(null);
        values.add(new byte[0]);
        values.add(bytes("not json"));
        values.add(bytes("[".repeat(10_000)));
        values.add(bytes("{\"a\":".repeat(10_000)));
        values.add(bytes("{\"demand\":\"" + "x".repeat(300_000) + "\"}"));
        values.add(new byte[] {'{', '"', (byte) 0xC3, 0x28, '"', ':', '1', '}'});
        values.add(bytes("{\"demand\":NaN}"));
        values.add(bytes("{\"demand\":1e400}"));
        values.add(bytes("{\"demand\":1,\"demand\":2}"));
        values.add(bytes("{\"demand\":true}"));
        values.add(bytes("{\"demand\":-5}"));
        values.add(bytes("{\"wind\":5}"));
        values.add(bytes("{\"demand\":1} trailing"));
        return values;
    }

    /** The right to run a job that nobody contests. */
    public static final Tenure ALONE = Alone.TENURE;

    private enum Alone implements Tenure {
        TENURE;

        @Override
        public Keeping keep(Consumer<LeaseLostException> onLoss) {
            return new Keeping() {
                @Override
                public CompletableFuture<Void> whenSure() {
                    return CompletableFuture.completedFuture(null);
                }

                @Override
                public void close() {}
            };
        }
    }
}
