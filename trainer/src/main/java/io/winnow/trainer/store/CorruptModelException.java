package io.winnow.trainer.store;

/** A model on disk is not what was published; the message is one line that says what is wrong. */
public final class CorruptModelException extends Exception {
    private static final long serialVersionUID = 1;

    CorruptModelException(String message) {
        super(message);
    }
}
