package io.winnow.monitoring.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.monitoring.ledger.Horizon.Ends;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Any history, by seed: raw with holes, verdicts in raw's order, some dropped, doubled, late or on the wrong partition,
 * releases, foreign ids. An account that reads once (the audit), one that settles and starts anew again and again (the
 * ledger), and plain maps say the same.
 */
class LedgerLawTest {
    private static final int RANGES = Integer.MAX_VALUE;

    /** How often an offset is raw, clean, quarantined, released. */
    private final Map<Long, int[]> truth = new TreeMap<>();

    private final List<List<Event>> queues = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());

    /** Of one offset; {@code where} is 0 for raw, 1 for clean, 2 for quarantine. */
    private record Event(int where, long offset, boolean release, long at) {
        void tell(Account account, long rawEnd) {
            if (where == 0) {
                account.raw(offset);
            } else {
                account.sighted(
                        where == 1 ? Side.CLEAN : Side.QUARANTINE,
                        new Sighting(0, offset, release, 1, 1, false),
                        at,
                        rawEnd);
            }
        }
    }

    private void history(Random random, long base, int n) {
        for (long o = base; o < base + n; o++) {
            int[] count = truth.computeIfAbsent(o, k -> new int[4]);
            boolean isRecord = random.nextInt(12) > 0;
            int luck = random.nextInt(200);
            if (isRecord) {
                count[0] = 1;
                queues.get(0).add(new Event(0, o, false, 0));
            }
            // A marker's offset is named by nobody but a foreign producer.
            int clean = isRecord ? (luck < 160 ? 1 : luck < 164 ? 2 : 0) : luck < 4 ? 1 : 0;
            int quarantine = isRecord && luck >= 162 && luck < 194 ? 1 : 0;
            add(1, o, clean, false, random);
            add(2, o, quarantine, false, random);
            int releases = quarantine > 0 && random.nextBoolean() ? 1 + random.nextInt(2) : 0;
            add(1, o, releases, true, random);
            count[1] = clean;
            count[2] = quarantine;
            count[3] = releases;
        }
    }

    private void add(int where, long offset, int times, boolean release, Random random) {
        for (int i = 0; i < times; i++) {
            long at = queues.get(where).size();
            queues.get(where).add(new Event(where, offset, release, random.nextInt(50) > 0 ? at : -1));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void ledgerAuditAndPlainMapsAgree(long seed) {
        Random random = new Random(seed);
        // Beyond 2^32, so that the high halves of offsets matter.
        long base = random.nextBoolean() ? 0 : (1L << 32) - 1_700;
        int n = 1_000 + random.nextInt(6_000);
        history(random, base, n);
        long end = base + n;

        MemoryStore kept = new MemoryStore();
        Account ledger = new Account(0, kept);
        int[] at = new int[3];
        while (!done(at)) {
            step(random, at, ledger, end);
            if (random.nextInt(20) == 0) {
                long checkpoint = base + (long) (random.nextDouble() * reached(at, end));
                // What was read is what there is to read at that moment; the rest lies in open transactions.
                ledger.settle(horizon(base, end, Math.max(base, checkpoint), at), RANGES);
            }
            if (random.nextInt(30) == 0) {
                ledger.flush();
                ledger = new Account(0, kept);
            }
        }
        long checkpoint = end - random.nextInt(n / 4);
        Horizon last = horizon(base, end, checkpoint, at);
        Balance settled = ledger.settle(last, RANGES);

        Account audit = new Account(0, new MemoryStore());
        queues.forEach(queue -> queue.forEach(e -> e.tell(audit, end)));
        assertThat(settled).isEqualTo(audit.balance(last, RANGES)).isEqualTo(expected(checkpoint));
        assertThat(ledger.settle(last, RANGES)).as("settled again").isEqualTo(settled);
    }

    private boolean done(int[] at) {
        return at[0] == queues.get(0).size()
                && at[1] == queues.get(1).size()
                && at[2] == queues.get(2).size();
    }

    private void step(Random random, int[] at, Account ledger, long end) {
        int q = random.nextInt(3);
        int to = Math.min(queues.get(q).size(), at[q] + random.nextInt(200));
        for (; at[q] < to; at[q]++) {
            queues.get(q).get(at[q]).tell(ledger, end);
        }
    }

    /** Raw that was read, as far as a checkpoint can reach: what it covers must be read, and its verdicts written. */
    private long reached(int[] at, long end) {
        return at[0] == 0
                ? 0
                : queues.get(0).get(at[0] - 1).offset() - queues.get(0).get(0).offset() + 1;
    }

    private Horizon horizon(long base, long end, long checkpoint, int[] at) {
        return new Horizon(
                base,
                end,
                checkpoint,
                new Ends(0, at[1], queues.get(1).size()),
                new Ends(0, at[2], queues.get(2).size()));
    }

    private Balance expected(long checkpoint) {
        Map<String, Long> sums = new HashMap<>();
        List<RawRange> missing = new ArrayList<>();
        truth.forEach((o, n) -> {
            count(sums, "released", Math.min(1, n[3]));
            count(sums, "duplicated", Math.max(0, n[1] + n[2] - 1) + Math.max(0, n[3] - 1));
            if (n[0] > 0 && o >= checkpoint) {
                count(sums, "pending", 1);
            } else if (n[0] == 0) {
                count(sums, "foreign", o < checkpoint && n[1] > 0 ? 1 : 0);
            } else {
                count(sums, "raw", 1);
                count(sums, "clean", n[1] > 0 ? 1 : 0);
                count(sums, "quarantined", n[1] == 0 && n[2] > 0 ? 1 : 0);
                if (n[1] + n[2] == 0) {
                    missing.add(new RawRange(0, o, o));
                }
            }
        });
        return new Balance(
                sums.getOrDefault("raw", 0L),
                sums.getOrDefault("clean", 0L),
                sums.getOrDefault("quarantined", 0L),
                sums.getOrDefault("released", 0L),
                sums.getOrDefault("pending", 0L),
                0,
                missing.size(),
                sums.getOrDefault("duplicated", 0L),
                0,
                sums.getOrDefault("foreign", 0L),
                joined(missing));
    }

    private static void count(Map<String, Long> sums, String name, long n) {
        sums.merge(name, n, Long::sum);
    }

    private static List<RawRange> joined(List<RawRange> single) {
        List<RawRange> joined = new ArrayList<>();
        for (RawRange r : single) {
            int last = joined.size() - 1;
            if (last >= 0 && joined.get(last).last() + 1 == r.first()) {
                joined.set(last, new RawRange(0, joined.get(last).first(), r.last()));
            } else {
                joined.add(r);
            }
        }
        return joined;
    }
}
