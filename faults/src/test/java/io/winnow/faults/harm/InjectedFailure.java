package io.winnow.faults.harm;

/** A failure on purpose. */
public final class InjectedFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** A failure at this moment. */
    public InjectedFailure(Moment moment) {
        super("injected at " + moment);
    }
}
