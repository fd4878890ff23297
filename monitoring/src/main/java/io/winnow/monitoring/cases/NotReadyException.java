package io.winnow.monitoring.cases;

/** The case store cannot be read now; try again shortly. */
public final class NotReadyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Says why, in one line. */
    public NotReadyException(String message) {
        super(message);
    }
}
