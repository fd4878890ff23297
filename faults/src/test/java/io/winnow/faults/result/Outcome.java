package io.winnow.faults.result;

import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What came of a run.
 *
 * @param expected records that must have a verdict; where a fault is not about records, attempts
 * @param seen those that have one; attempts that ended as they must
 * @param lost expected and not seen, by whichever oracle says more
 * @param duplicated seen more than once, by whichever oracle says more
 * @param offsets of the raw records, {@code first-last} by partition
 * @param harms how often harm was done
 * @param secondsToRecover the longest that a harm held verdicts up
 * @param problems what else is not as it must be; empty where all is well
 * @param explanation what a reader should know
 */
public record Outcome(
        long expected,
        long seen,
        long lost,
        long duplicated,
        SortedMap<Integer, String> offsets,
        int harms,
        double secondsToRecover,
        List<String> problems,
        @Nullable String explanation) {
    public Outcome {
        problems = List.copyOf(problems);
    }

    /** Whether nothing is lost, nothing is there twice, and nothing else is wrong. */
    public boolean isWell() {
        return lost == 0 && duplicated == 0 && problems.isEmpty();
    }

    /** An outcome in attempts, not records: each either ended as it must, or is lost. */
    public static Outcome ofAttempts(
            long attempts, long well, double secondsToRecover, List<String> problems, @Nullable String explanation) {
        return new Outcome(
                attempts,
                well,
                attempts - well,
                0,
                new java.util.TreeMap<>(),
                Math.toIntExact(attempts),
                secondsToRecover,
                problems,
                explanation);
    }
}
