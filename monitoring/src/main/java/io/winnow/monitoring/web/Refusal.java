package io.winnow.monitoring.web;

import java.util.List;

/** A request that is not served: a status, and one line that says what to do instead. */
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int status;
    private final transient List<String> recordIds;

    /** A refusal that is about the request as a whole. */
    public Refusal(int status, String message) {
        this(status, message, List.of());
    }

    /**
     * A refusal because of some records.
     *
     * @param status the HTTP status
     * @param message one line for a person
     * @param recordIds the records that it is about
     */
    public Refusal(int status, String message, List<String> recordIds) {
        super(message);
        this.status = status;
        this.recordIds = List.copyOf(recordIds);
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** The records that it is about; none if about the request as a whole. */
    public List<String> recordIds() {
        return recordIds;
    }
}
