package io.winnow.faults;

import io.winnow.faults.result.Outcome;
import io.winnow.faults.world.Run;

/**
 * One way of doing harm.
 *
 * @param id its name on the command line and in the record: lower case, hyphens
 * @param what is done, one sentence
 * @param runs how often it is done by default, each time under another seed
 * @param scenario does it
 */
public record FaultKind(String id, String what, int runs, Scenario scenario) {
    public FaultKind {
        if (!id.matches("[a-z]+(-[a-z]+)*")) {
            throw new IllegalArgumentException("not an id: " + id);
        }
    }

    /** Does harm in a run, and says what came of it. */
    public interface Scenario {
        /** Runs it; an exception is a failure of the run. */
        Outcome run(Run run) throws Exception;
    }
}
