package io.winnow.hygiene;

/** The job cannot start; the message is one line that says what is wrong, where, and what to do. */
public final class HygieneStartException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** With this line. */
    public HygieneStartException(String message) {
        super(message);
    }

    /** With this line, and the cause for whoever asks. */
    public HygieneStartException(String message, Throwable cause) {
        super(message, cause);
    }
}
