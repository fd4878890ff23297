package io.winnow.app;

import org.jspecify.annotations.Nullable;

/** Something that a person can mend. The message is one line: what, where, and what to do about it. */
public final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public Failure(String message) {
        super(message);
    }

    public Failure(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
