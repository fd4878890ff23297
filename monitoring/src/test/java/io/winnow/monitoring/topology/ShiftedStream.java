package io.winnow.monitoring.topology;

import static io.winnow.monitoring.Fixtures.text;

import io.winnow.core.contract.Contract;
import io.winnow.core.hygiene.Judge;
import io.winnow.core.hygiene.Profile;
import io.winnow.core.hygiene.ProfileMaker;
import io.winnow.core.hygiene.Summary;
import io.winnow.core.hygiene.Verdict;
import io.winnow.core.row.Reason;
import io.winnow.core.sequence.Reference;
import io.winnow.core.sequence.SequenceMemory;
import io.winnow.core.topic.DqHeaders;
import io.winnow.monitoring.Fixtures;
import io.winnow.monitoring.cases.KeptHeader;
import io.winnow.monitoring.cases.KeptRecord;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * What a job publishes and sets aside while its stream's level shifts for good: two fields, twenty deviations. In between,
 * some rows are faulty by five thousand.
 */
public final class ShiftedStream {
    private static final int BATCH = 400;
    private static final int BATCHES = 45;
    private static final int SHIFT = 20;

    /** A profile, and the records that were set aside under the one before it. */
    public record Batch(long at, Profile profile, List<KeptRecord> aside) {}

    private final Contract contract;
    private final SequenceMemory memory;
    private final Random random;
    private final int every;
    private final List<Batch> batches = new ArrayList<>();

    private ShiftedStream(Contract contract, long seed, int every) {
        this.contract = contract;
        memory = new SequenceMemory(contract);
        random = new Random(seed);
        this.every = every;
    }

    /** When the level shifts: what was set aside before is a fault. */
    static long shiftAt() {
        return at(SHIFT);
    }

    private static long at(int batch) {
        return Fixtures.START + batch * 60_000L;
    }

    static boolean isFault(byte[] value) {
        return new String(value, StandardCharsets.UTF_8).matches(".*\\d{4}\\..*");
    }

    /**
     * The whole stream.
     *
     * @param every only every so manieth of the records that were set aside; faults all of them
     */
    public static List<Batch> of(long seed, int every) {
        return of(Fixtures.CONTRACT, seed, every);
    }

    /** The same under a contract whose key, if it has one, is the field {@code site}. */
    static List<Batch> of(Contract contract, long seed, int every) {
        ShiftedStream stream = new ShiftedStream(contract, seed, every);
        stream.run();
        return stream.batches;
    }

    private void run() {
        List<byte[]> first = new ArrayList<>();
        for (int i = 0; i < ProfileMaker.COLD_START_ROWS; i++) {
            first.add(value(0, i));
        }
        Profile profile = ProfileMaker.first(contract, first);
        batches.add(new Batch(at(0) - 60_000, profile, List.of()));
        long offset = 0;
        for (int batch = 0; batch < BATCHES; batch++) {
            Judge judge = new Judge(contract, profile);
            Summary accepted = new Summary(profile);
            List<KeptRecord> aside = new ArrayList<>();
            for (int i = 0; i < BATCH; i++) {
                byte[] value = value(i == 7 ? 5_000 : batch < SHIFT ? 0 : 20, offset);
                Verdict verdict = contract.contextPerKey()
                        ? judge.judge(value, accepted, memory, partition(offset), offset)
                        : judge.judge(value, accepted);
                if (verdict.reason() == Reason.SURPRISING && (isFault(value) || i % every == 0)) {
                    aside.add(kept(offset, at(batch) + i, value, profile.hash(), verdict));
                }
                offset++;
            }
            profile = ProfileMaker.next(contract, profile, accepted);
            batches.add(new Batch(at(batch) + 59_000, profile, aside));
        }
    }

    private static int partition(long offset) {
        return (int) (offset % 2);
    }

    private byte[] value(double level, long offset) {
        double common = random.nextGaussian();
        return String.format(
                        Locale.ROOT,
                        "{\"site\":\"s%d\",\"demand\":%.4f,\"price\":%.4f}",
                        partition(offset),
                        level + common + random.nextGaussian(),
                        level - common + random.nextGaussian())
                .getBytes(StandardCharsets.UTF_8);
    }

    private static KeptRecord kept(long offset, long at, byte[] value, String profile, Verdict verdict) {
        Reference context = verdict.context();
        String bits = Double.toString(verdict.bits());
        return context == null
                ? kept(offset, at, value, text(DqHeaders.PROFILE, profile), text(DqHeaders.BITS, bits))
                : kept(
                        offset,
                        at,
                        value,
                        text(DqHeaders.PROFILE, profile),
                        text(DqHeaders.BITS, bits),
                        text(DqHeaders.CONTEXT, context.text()));
    }

    static KeptRecord kept(long offset, long at, byte[] value, KeptHeader... headers) {
        return Fixtures.quarantined(Fixtures.id(partition(offset), offset), at, Reason.SURPRISING, value, headers);
    }
}
