package io.winnow.monitoring.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.monitoring.ledger.Ledger.Balance;
import io.winnow.monitoring.ledger.Ledger.Bounds;
import io.winnow.monitoring.ledger.Ledger.Missing;
import io.winnow.monitoring.ledger.Ledger.Side;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LedgerTest {
    private static final Bounds ALL = new Bounds(0, Long.MAX_VALUE, Long.MAX_VALUE);

    private final Ledger ledger = new Ledger();

    private void openWith(long... offsets) {
        ledger.open(0, 0, 1_000);
        for (long o : offsets) {
            ledger.raw(0, o);
        }
    }

    @Test
    void oneVerdictEachIsConserved() {
        openWith(0, 1, 5, 6);
        ledger.verdict(Side.CLEAN, 0, 0);
        ledger.verdict(Side.QUARANTINE, 0, 1);
        ledger.verdict(Side.CLEAN, 0, 5);
        ledger.verdict(Side.CLEAN, 0, 6);
        Balance b = ledger.balance(Map.of(0, ALL));
        assertThat(b.isConserved()).isTrue();
        assertThat(List.of(b.raw(), b.clean(), b.quarantined(), b.missing(), b.duplicated()))
                .containsExactly(4L, 3L, 1L, 0L, 0L);
    }

    @Test
    void aVerdictOnBothSidesIsADuplicateAndARecordWithoutOneIsMissing() {
        openWith(0, 1);
        ledger.verdict(Side.CLEAN, 0, 0);
        ledger.verdict(Side.QUARANTINE, 0, 0);
        Balance b = ledger.balance(Map.of(0, ALL));
        assertThat(b.duplicated()).isEqualTo(1);
        assertThat(b.clean() + b.quarantined()).isEqualTo(1);
        assertThat(b.firstMissing()).containsExactly(new Missing(0, 1));
        assertThat(b.isConserved()).isFalse();
    }

    @Test
    void aReleaseIsNoVerdictAndASecondOneADuplicate() {
        openWith(0);
        ledger.verdict(Side.QUARANTINE, 0, 0);
        ledger.released(0, 0);
        assertThat(ledger.balance(Map.of(0, ALL)).isConserved()).isTrue();
        assertThat(ledger.balance(Map.of(0, ALL)).released()).isEqualTo(1);
        ledger.released(0, 0);
        assertThat(ledger.balance(Map.of(0, ALL)).released()).isEqualTo(1);
        assertThat(ledger.balance(Map.of(0, ALL)).duplicated()).isEqualTo(1);
    }

    @Test
    void aRecordKeptInPartsHasItsVerdictWhenAllAreThere() {
        openWith(0);
        ledger.part(0, 0, 2, 3);
        ledger.part(0, 0, 1, 3);
        assertThat(ledger.balance(Map.of(0, ALL)).missing()).isEqualTo(1);
        ledger.part(0, 0, 3, 3);
        assertThat(ledger.balance(Map.of(0, ALL)).isConserved()).isTrue();
        assertThat(ledger.balance(Map.of(0, ALL)).quarantined()).isEqualTo(1);
        ledger.part(0, 0, 1, 3);
        assertThat(ledger.balance(Map.of(0, ALL)).duplicated()).isZero();
        ledger.part(0, 0, 3, 3);
        ledger.part(0, 0, 2, 3);
        assertThat(ledger.balance(Map.of(0, ALL)).duplicated()).isEqualTo(1);
    }

    @Test
    void whatSpeaksOfNoRecordIsForeignAndChangesNothing() {
        openWith(0, 2);
        ledger.verdict(Side.CLEAN, 0, 0);
        ledger.verdict(Side.CLEAN, 0, 2);
        assertThat(ledger.verdict(Side.CLEAN, 0, 1)).isFalse();
        assertThat(ledger.verdict(Side.CLEAN, 9, 0)).isFalse();
        assertThat(ledger.released(0, 1)).isFalse();
        assertThat(ledger.verdict(Side.CLEAN, 0, 1_000)).as("not read that far").isTrue();
        assertThat(ledger.foreign()).isEqualTo(3);
        assertThat(ledger.balance(Map.of(0, ALL)).isConserved()).isTrue();
    }

    @Test
    void aVerdictThatMayLieInAnOpenTransactionIsPendingNotMissing() {
        openWith(0, 1, 2, 3);
        ledger.verdict(Side.CLEAN, 0, 0);
        ledger.verdict(Side.CLEAN, 0, 3);
        Balance b = ledger.balance(Map.of(0, new Bounds(0, 4, 2)));
        assertThat(b.firstMissing()).containsExactly(new Missing(0, 1));
        assertThat(List.of(b.raw(), b.pending(), b.doubted())).containsExactly(3L, 1L, 1L);
    }

    /** Any history: the bitmaps say the same as plain maps do. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void agreesWithPlainMaps(long seed) {
        Random random = new Random(seed);
        int partitions = 1 + random.nextInt(3);
        Map<Integer, Map<Long, int[]>> oracle = new TreeMap<>();
        Map<Integer, Bounds> bounds = new HashMap<>();
        List<Runnable> events = new ArrayList<>();
        // Beyond 2^32, so that the high halves of offsets matter.
        long base = random.nextBoolean() ? 0 : (1L << 32) - 700;
        for (int p = 0; p < partitions; p++) {
            int partition = p;
            long rawStart = base + random.nextInt(200);
            long end = base + 1_500;
            ledger.open(partition, rawStart, end);
            bounds.put(
                    partition,
                    new Bounds(
                            base + random.nextInt(300),
                            end - random.nextInt(400),
                            random.nextBoolean() ? Long.MAX_VALUE : end - random.nextInt(500)));
            Map<Long, int[]> records = oracle.computeIfAbsent(partition, x -> new TreeMap<>());
            for (long o = base; o < end; o++) {
                // Raw, clean, quarantine, released: how often.
                int[] n = {random.nextInt(10) < 9 ? 1 : 0, 0, 0, 0};
                if (n[0] == 0 && o >= rawStart) {
                    continue;
                }
                int luck = random.nextInt(100);
                n[1] = luck < 80 ? 1 : luck < 82 ? 2 : 0;
                n[2] = luck >= 81 && luck < 97 ? 1 : 0;
                n[3] = n[2] > 0 && random.nextBoolean() ? 1 + random.nextInt(2) : 0;
                records.put(o, n);
                long offset = o;
                if (n[0] > 0) {
                    ledger.raw(partition, offset);
                }
                for (int i = 0; i < n[1]; i++) {
                    events.add(() -> ledger.verdict(Side.CLEAN, partition, offset));
                }
                for (int i = 0; i < n[2]; i++) {
                    events.add(() -> ledger.verdict(Side.QUARANTINE, partition, offset));
                }
                for (int i = 0; i < n[3]; i++) {
                    events.add(() -> ledger.released(partition, offset));
                }
            }
            bounds.computeIfPresent(
                    partition, (k, b) -> new Bounds(Math.max(b.start(), rawStart), b.checkpoint(), b.doubtful()));
        }
        Collections.shuffle(events, random);
        events.forEach(Runnable::run);
        Balance actual = ledger.balance(bounds);
        assertThat(actual).isEqualTo(expected(oracle, bounds));
        oracle.forEach((partition, records) -> {
            long last = records.entrySet().stream()
                    .filter(e -> e.getKey() < bounds.get(partition).checkpoint())
                    .filter(e -> e.getValue()[0] > 0 && e.getValue()[1] + e.getValue()[2] == 0)
                    .mapToLong(Map.Entry::getKey)
                    .max()
                    .orElse(-1);
            assertThat(ledger.lastUnjudged(partition, bounds.get(partition).checkpoint()))
                    .isEqualTo(last);
        });
    }

    private static Balance expected(Map<Integer, Map<Long, int[]>> oracle, Map<Integer, Bounds> bounds) {
        long raw = 0;
        long clean = 0;
        long quarantined = 0;
        long released = 0;
        long pending = 0;
        long expired = 0;
        long duplicated = 0;
        long doubted = 0;
        List<Missing> missing = new ArrayList<>();
        for (int p : oracle.keySet()) {
            Bounds b = bounds.get(p);
            for (Map.Entry<Long, int[]> e : oracle.get(p).entrySet()) {
                long o = e.getKey();
                int[] n = e.getValue();
                released += Math.min(1, n[3]);
                duplicated += Math.max(0, n[1] + n[2] - 1) + Math.max(0, n[3] - 1);
                if (o < b.start()) {
                    expired += n[0] + n[1] + n[2] > 0 ? 1 : 0;
                } else if (n[0] > 0 && o >= b.checkpoint()) {
                    pending++;
                } else if (n[0] > 0 && n[1] + n[2] == 0 && o >= b.doubtful()) {
                    pending++;
                    doubted++;
                } else if (n[0] > 0) {
                    raw++;
                    clean += n[1] > 0 ? 1 : 0;
                    quarantined += n[1] == 0 && n[2] > 0 ? 1 : 0;
                    if (n[1] + n[2] == 0) {
                        missing.add(new Missing(p, o));
                    }
                }
            }
        }
        return new Balance(
                raw,
                clean,
                quarantined,
                released,
                pending,
                expired,
                missing.size(),
                duplicated,
                doubted,
                missing.stream().limit(AuditReport.MAX_IDS).toList());
    }
}
