package io.winnow.app.flink;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells once when a job does not come to run again: Flink starts a job anew for as long as it takes, and says nothing to
 * anyone who does not read its log.
 */
final class RestartWatch {
    /** One look may fall into an ordinary restart. */
    private static final int LOOKS = 2;

    private final String stream;
    private int downFor;

    RestartWatch(String stream) {
        this.stream = stream;
    }

    /**
     * Takes one look.
     *
     * @param running whether all of the job runs
     * @param last what it failed of last
     * @return the line to say, if there is one
     */
    Optional<String> look(boolean running, @Nullable Throwable last) {
        downFor = running ? 0 : downFor + 1;
        if (downFor != LOOKS) {
            return Optional.empty();
        }
        return Optional.of("the hygiene job of stream " + stream + " does not run and is started again and again ("
                + (last == null ? "the log says why" : JobEnds.why(last))
                + "); records wait, none is lost: look at broker, disk and memory");
    }
}
