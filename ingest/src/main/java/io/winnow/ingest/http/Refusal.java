package io.winnow.ingest.http;

/** A request that is not served: a status, and one line that says what to do instead. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final int retryAfterSeconds;

    Refusal(int status, String message) {
        this(status, message, 0);
    }

    /**
     * A refusal.
     *
     * @param status the HTTP status
     * @param message one line for a person
     * @param retryAfterSeconds when the same request may do better; 0 for never
     */
    Refusal(int status, String message, int retryAfterSeconds) {
        super(message, null, false, false);
        this.status = status;
        this.retryAfterSeconds = retryAfterSeconds;
    }

    int status() {
        return status;
    }

    int retryAfterSeconds() {
        return retryAfterSeconds;
    }
}
