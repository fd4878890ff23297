package io.winnow.monitoring.ledger;

/**
 * How far things are, asked of the brokers for one raw partition: what lies before its checkpoint is due a verdict. The
 * checkpoint is asked for first, {@link Ends#written} after it and {@link Ends#readable} last or together: then every verdict
 * that the checkpoint covers lies before {@code written}, and what does not lie before {@code readable} is in a transaction
 * that is still open.
 *
 * @param rawStart the first retained raw offset
 * @param rawEnd the end of raw: no record is known from there on
 * @param checkpoint the hygiene job's committed offset: records from there on are pending
 * @param clean the clean topic's partition of the same number
 * @param quarantine the quarantine topic's
 */
public record Horizon(long rawStart, long rawEnd, long checkpoint, Ends clean, Ends quarantine) {
    /**
     * A partition of verdicts.
     *
     * @param start its first retained offset
     * @param readable its end under read_committed
     * @param written its end, open transactions included
     */
    public record Ends(long start, long readable, long written) {
        /** Whether something lies there that nobody can read yet. */
        boolean isOpen() {
            return written > readable;
        }
    }

    Ends ends(Side side) {
        return side == Side.CLEAN ? clean : quarantine;
    }
}
