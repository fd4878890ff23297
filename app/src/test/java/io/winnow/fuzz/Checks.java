package io.winnow.fuzz;

/** What must hold of every input. */
public final class Checks {
    private Checks() {}

    /** Fails with what does not hold. */
    public static void that(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }

    /** A refusal for a person is one line. */
    public static void oneLine(Throwable refusal) {
        String message = refusal.getMessage();
        that(message != null && !message.isEmpty() && message.indexOf('\n') < 0, "not one line: " + message);
    }
}
