package io.winnow.hygiene.lease;

import org.apache.flink.runtime.throwable.ThrowableAnnotation;
import org.apache.flink.runtime.throwable.ThrowableType;

/** Somebody else runs the stream's job now: this one stops, and is not started again by itself. */
@ThrowableAnnotation(ThrowableType.NonRecoverableError)
public final class LeaseLostException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** One line that says who has it. */
    public LeaseLostException(String message) {
        super(message);
    }
}
