package io.winnow.app.demo;

/**
 * One kind of fault.
 *
 * @param injected how many were sent
 * @param quarantined how many of them were set aside
 */
public record FaultCount(long injected, long quarantined) {
    static final FaultCount NONE = new FaultCount(0, 0);

    public FaultCount {
        if (injected < 0 || quarantined < 0 || quarantined > injected) {
            throw new IllegalArgumentException(quarantined + " of " + injected + " faults cannot be");
        }
    }
}
