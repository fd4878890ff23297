package io.winnow.monitoring.desk;

import org.jspecify.annotations.Nullable;

/** The desk cannot start; its message is one line that says why and what to do. */
public final class DeskStartException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DeskStartException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
