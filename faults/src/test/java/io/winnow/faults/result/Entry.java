package io.winnow.faults.result;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One run in the record.
 *
 * @param fault its kind
 * @param id kind and seed: what {@code -Dfault=} takes
 * @param seed everything random was drawn from it
 * @param commit of the code that ran; ends in {@code +} where files differed from it
 * @param at when it ended, ISO-8601
 * @param what is done in this kind
 * @param offsets of the raw records, {@code first-last} by partition
 * @param harms how often harm was done
 * @param expected as in {@link Outcome}
 * @param seen as in {@link Outcome}
 * @param lost as in {@link Outcome}
 * @param duplicated as in {@link Outcome}
 * @param secondsToRecover as in {@link Outcome}
 * @param seconds the whole run
 * @param passed whether all was as it must be
 * @param problems what was not
 * @param explanation what a reader should know
 */
@JsonPropertyOrder({
    "fault",
    "id",
    "seed",
    "commit",
    "at",
    "what",
    "offsets",
    "harms",
    "expected",
    "seen",
    "lost",
    "duplicated",
    "secondsToRecover",
    "seconds",
    "passed",
    "problems",
    "explanation"
})
public record Entry(
        String fault,
        String id,
        long seed,
        String commit,
        String at,
        String what,
        Map<Integer, String> offsets,
        int harms,
        long expected,
        long seen,
        long lost,
        long duplicated,
        double secondsToRecover,
        double seconds,
        boolean passed,
        List<String> problems,
        @Nullable String explanation) {}
