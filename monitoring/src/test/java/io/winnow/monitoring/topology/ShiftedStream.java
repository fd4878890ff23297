package io.winnow.monitoring.topology;

import static io.winnow.monitoring.Fixtures.text;

import io.winnow.core.contract.Contract;
import io.winnow.core.hygiene.Judge;
import io.winnow.core.hygiene.Profile;
import io.winnow.core.hygiene.ProfileMaker;
import io.winnow.core.hygiene.Summary;
import io.winnow.core.hygiene.Verdict;
import io.winnow.core.row.Reason;
import io.winnow.core.topic.DqHeaders;
import io.winnow.monitoring.Fixtures;
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

    private static final Contract CONTRACT = Fixtures.CONTRACT;

    private final Random random;
    private final int every;
    private final List<Batch> batches = new ArrayList<>();

    private ShiftedStream(long seed, int every) {
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
        ShiftedStream stream = new ShiftedStream(seed, every);
        stream.run();
        return stream.batches;
    }

    private void run() {
        List<byte[]> first = new ArrayList<>();
        for (int i = 0; i < ProfileMaker.COLD_START_ROWS; i++) {
            first.add(value(0));
        }
        Profile profile = ProfileMaker.first(CONTRACT, first);
        batches.add(new Batch(at(0) - 60_000, profile, List.of()));
        long offset = 0;
        for (int batch = 0; batch < BATCHES; batch++) {
            Judge judge = new Judge(CONTRACT, profile);
            Summary accepted = new Summary(profile);
            List<KeptRecord> aside = new ArrayList<>();
            for (int i = 0; i < BATCH; i++) {
                byte[] value = value(i == 7 ? 5_000 : batch < SHIFT ? 0 : 20);
                Verdict verdict = judge.judge(value, accepted);
                if (verdict.reason() == Reason.SURPRISING && (isFault(value) || i % every == 0)) {
                    aside.add(kept(offset, at(batch) + i, value, profile.hash(), verdict.bits()));
                }
                offset++;
            }
            profile = ProfileMaker.next(CONTRACT, profile, accepted);
            batches.add(new Batch(at(batch) + 59_000, profile, aside));
        }
    }

    private byte[] value(double level) {
        double common = random.nextGaussian();
        return String.format(
                        Locale.ROOT,
                        "{\"demand\":%.4f,\"price\":%.4f}",
                        level + common + random.nextGaussian(),
                        level - common + random.nextGaussian())
                .getBytes(StandardCharsets.UTF_8);
    }

    private static KeptRecord kept(long offset, long at, byte[] value, String profile, double bits) {
        return Fixtures.quarantined(
                Fixtures.id((int) (offset % 2), offset),
                at,
                Reason.SURPRISING,
                value,
                text(DqHeaders.PROFILE, profile),
                text(DqHeaders.BITS, Double.toString(bits)));
    }
}
