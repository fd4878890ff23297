package io.winnow.app.ledger;

import io.winnow.app.Failure;
import io.winnow.core.contract.Contract;
import io.winnow.hygiene.HygieneConfig;
import io.winnow.hygiene.kafka.Replay;
import io.winnow.monitoring.ledger.ConservationAudit;
import io.winnow.monitoring.ledger.Proof;
import io.winnow.monitoring.ledger.RawRange;
import io.winnow.monitoring.ledger.Standing;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Judges again what the audit finds missing, and nothing else. */
public final class Replays {
    /** Verdicts that are being committed are waited for. */
    private static final Duration GRACE = Duration.ofSeconds(10);

    private Replays() {}

    /**
     * What was done.
     *
     * @param profile hash of the profile that judged; null where nothing was
     * @param ranges the records
     */
    public record Result(
            long clean, long quarantined, @Nullable String profile, List<RawRange> ranges) {
        public Result {
            ranges = List.copyOf(ranges);
        }
    }

    /**
     * Replays records of a stream.
     *
     * @param kafka client settings
     * @param checkpoints the job's checkpoint directory
     * @param offsets which; null for all that are missing
     * @throws Failure if one of {@code offsets} has a verdict, may still get one or is gone; nothing is written then
     */
    public static Result run(
            Contract contract,
            Map<String, String> kafka,
            Path checkpoints,
            @Nullable List<RawRange> offsets,
            Clock clock) {
        HygieneConfig config = new HygieneConfig(contract, kafka, 1, Duration.ofSeconds(1), true, checkpoints, 0);
        // Opened first: no other replay can write from here on, so that what is missing now is missing still.
        try (Replay replay = Replay.open(config, clock)) {
            Proof proof = ConservationAudit.prove(contract.stream(), kafka, GRACE);
            List<RawRange> ranges = offsets == null ? proof.balance().missingRanges() : offsets;
            SortedMap<Integer, NavigableSet<Long>> wanted = new TreeMap<>();
            for (RawRange range : ranges) {
                for (long offset = range.first(); offset <= range.last(); offset++) {
                    check(proof.standing(range.partition(), offset), range.partition(), offset);
                    wanted.computeIfAbsent(range.partition(), p -> new TreeSet<>())
                            .add(offset);
                }
            }
            if (wanted.isEmpty()) {
                return new Result(0, 0, null, List.of());
            }
            Replay.Written written = replay.write(wanted);
            return new Result(written.clean(), written.quarantined(), written.profile(), ranges);
        }
    }

    private static void check(Standing standing, int partition, long offset) {
        if (standing != Standing.MISSING) {
            throw new Failure(partition + ":" + offset + " " + standing.text() + "; nothing was replayed");
        }
    }
}
