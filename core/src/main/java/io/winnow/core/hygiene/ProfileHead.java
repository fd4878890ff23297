package io.winnow.core.hygiene;

/**
 * The first things that a profile's bytes say, read without making it ready to score: for whoever follows a stream of
 * profiles and needs few of them.
 *
 * @param contractHash the contract that it was made for
 * @param regime whether the stream is changing for good
 * @param refusedShare share of recent valid rows that were refused by far
 */
public record ProfileHead(String contractHash, Regime regime, double refusedShare) {

    /** Below this share, nothing points to a change: it has not even begun to show. */
    private static final double CALM = Recent.ENDS / 4;

    /** Whether the stream was as the profile knows it, without a sign of a change. */
    public boolean isCalm() {
        return regime == Regime.STEADY && refusedShare < CALM;
    }

    /**
     * Reads the head of {@link Profile#encode()}; what follows it is not looked at.
     *
     * @throws IllegalArgumentException if the bytes do not begin like a profile
     */
    public static ProfileHead of(byte[] profile) {
        try {
            Wire.In in = new Wire.In(profile);
            Profile.readFormat(in);
            Frame frame = Frame.read(in);
            Recent recent = Tally.readRecent(in);
            return new ProfileHead(frame.layout.contractHash(), recent.regime, recent.refusedShare());
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("not a profile: " + e.getMessage(), e);
        }
    }
}
