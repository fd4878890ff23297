package io.winnow.trainer.learn;

/** Nothing could be learned; the message is one sentence that says why. */
public class LearningException extends Exception {
    private static final long serialVersionUID = 1;

    /** With the reason. */
    public LearningException(String message) {
        super(message);
    }
}
