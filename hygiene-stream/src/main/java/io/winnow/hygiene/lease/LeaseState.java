package io.winnow.hygiene.lease;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Who holds the lease after some prefix of {@code S.leases}: a fold over the records in their order, so that all who read
 * it agree, and of two that claim at once the one is first. Time is the broker's, stamped on each record as it is appended:
 * no two machines' clocks are compared.
 *
 * @param term how often the lease has changed hands; it only grows
 * @param holder who has it, or had it last; null before the first
 * @param who where the holder was started, for people
 * @param released whether the holder has given it back
 * @param seenMillis the broker's time of the holder's last sign of life
 */
record LeaseState(long term, @Nullable String holder, String who, boolean released, long seenMillis) {
    /** Between a holder's signs of life. */
    static final Duration BEAT = Duration.ofSeconds(1);

    /** A holder that was silent for this long has lost the lease to whoever claims it. */
    static final Duration VALIDITY = Duration.ofSeconds(7);

    /** Nobody ever had it. */
    static final LeaseState NONE = new LeaseState(0, null, "", true, 0);

    /** The state after one more record, appended at this time. */
    LeaseState after(LeaseRecord record, long brokerMillis) {
        boolean own = record.holder().equals(holder);
        return switch (record.kind()) {
            case CLAIM ->
                released || isStale(brokerMillis)
                        ? heldBy(record, term + 1, brokerMillis)
                        : own ? heldBy(record, term, brokerMillis) : this;
            case TAKE_OVER -> record.term() == term ? heldBy(record, term + 1, brokerMillis) : this;
            case BEAT -> {
                // A later term than is known: what made it so was compacted away.
                boolean later = record.term() > term;
                yield later || (own && !released && record.term() == term)
                        ? heldBy(record, record.term(), brokerMillis)
                        : this;
            }
            case RELEASE ->
                record.term() > term || (own && record.term() == term)
                        ? new LeaseState(record.term(), record.holder(), record.who(), true, brokerMillis)
                        : this;
        };
    }

    private static LeaseState heldBy(LeaseRecord record, long term, long brokerMillis) {
        return new LeaseState(term, record.holder(), record.who(), false, brokerMillis);
    }

    /** Whether the holder was silent for too long at this time of the broker. */
    boolean isStale(long brokerMillis) {
        return brokerMillis - seenMillis > VALIDITY.toMillis();
    }

    /** Whether this one holds it, as far as is known. */
    boolean isHeldBy(String one) {
        return one.equals(holder) && !released;
    }
}
