package io.winnow.monitoring.ledger.live;

import org.jspecify.annotations.Nullable;

/** The ledger cannot start; its message is one line that says why and what to do. */
public final class LedgerStartException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LedgerStartException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
