package io.winnow.app.flink;

import io.winnow.app.Failure;
import java.util.Locale;
import org.apache.flink.runtime.jobmaster.JobResult;
import org.apache.flink.util.ExceptionUtils;
import org.jspecify.annotations.Nullable;

/** Says in one line how a job ended that should have run on. */
final class JobEnds {
    private JobEnds() {}

    /**
     * The line.
     *
     * @param result what Flink says, if it still says something
     * @param lost why it says nothing
     */
    static Failure failure(String stream, @Nullable JobResult result, @Nullable Throwable lost) {
        Throwable cause =
                result == null ? lost : result.getSerializedThrowable().orElse(null);
        String why = cause == null ? "it ended as " + status(result) + " though nobody stopped it" : why(cause);
        return new Failure(
                "the hygiene job of stream " + stream + " failed for good (" + why
                        + "); nothing is lost: mend the cause, which the log tells in full, and start again",
                cause);
    }

    /** The first line of what lies at the bottom of an exception. */
    static String why(Throwable cause) {
        return firstLine(rootOf(cause));
    }

    private static String status(@Nullable JobResult result) {
        return result == null ? "unknown" : result.getApplicationStatus().name().toLowerCase(Locale.ROOT);
    }

    private static Throwable rootOf(Throwable cause) {
        Throwable root = ExceptionUtils.stripExecutionException(cause);
        while (root.getCause() != null && root.getCause() != root) {
            root = root.getCause();
        }
        return root;
    }

    private static String firstLine(Throwable root) {
        String message = root.getMessage();
        return message == null
                ? root.getClass().getSimpleName()
                : message.lines().findFirst().orElse(root.getClass().getSimpleName());
    }
}
