package io.winnow.ingest;

/** A run that could not go on. The message is one line: what failed, where, how many were acknowledged, what to do. */
public final class IngestException extends Exception {
    private static final long serialVersionUID = 1L;

    private final long acknowledged;

    IngestException(String message, long acknowledged, Throwable cause) {
        super(message, cause);
        this.acknowledged = acknowledged;
    }

    /** Records that the brokers acknowledged before and while it failed. */
    public long acknowledged() {
        return acknowledged;
    }
}
