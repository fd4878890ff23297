package io.winnow.trainer.learn;

/** A training was stopped before its end: nothing is wrong, and nothing was made. */
public final class StoppedException extends Exception {
    private static final long serialVersionUID = 1;

    /** The only kind there is. */
    public StoppedException() {
        super("the training was stopped");
    }
}
