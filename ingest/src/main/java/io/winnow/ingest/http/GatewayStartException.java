package io.winnow.ingest.http;

/** A gateway that cannot start. The message is one line: what is wrong, and what to do. */
public final class GatewayStartException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    GatewayStartException(String message, Throwable cause) {
        super(message, cause);
    }
}
