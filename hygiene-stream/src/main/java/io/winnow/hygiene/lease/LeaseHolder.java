package io.winnow.hygiene.lease;

import io.winnow.hygiene.lease.LeaseRecord.Kind;
import io.winnow.hygiene.lease.LeaseRecord.Side;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One who has the lease and keeps it: shown the topic's records and the time, it says what to append, and knows whether it
 * may still count on the lease. It knows no Kafka and no clock.
 */
final class LeaseHolder {
    private final String me;
    private final String who;
    private final Side side;
    private final TreeMap<Long, Long> sentNanos = new TreeMap<>();
    private LeaseState state;
    private long number;
    private long sureNanos;
    private boolean sure;
    private boolean jobSeen;

    /**
     * A holder.
     *
     * @param me its id
     * @param who where it was started, for people
     * @param side which end of the run this is
     * @param state what is known already
     * @param number how many records this end has written already
     */
    LeaseHolder(String me, String who, Side side, LeaseState state, long number) {
        this.me = me;
        this.who = who;
        this.side = side;
        this.state = state;
        this.number = number;
    }

    /** Shows it the next record. */
    void see(LeaseRecord record, long brokerMillis) {
        state = state.after(record, brokerMillis);
        if (!record.holder().equals(me)) {
            return;
        }
        jobSeen |= record.side() == Side.JOB;
        if (record.side() == side && state.isHeldBy(me)) {
            Long sent = sentNanos.get(record.number());
            if (sent != null) {
                // As old as the record was when it was sent: what was decided since is not known.
                sureNanos = sent;
                sure = true;
                sentNanos.headMap(record.number(), true).clear();
            }
        }
    }

    /**
     * The record that keeps the lease; empty if somebody else has it, or had it since: then it is lost, for what the other
     * one did is not in this one's checkpoints.
     *
     * @param nowNanos of a clock that only goes forward
     */
    Optional<LeaseRecord> beat(long nowNanos) {
        Kind kind;
        if (state.isHeldBy(me)) {
            kind = Kind.BEAT;
        } else if (state.holder() == null || me.equals(state.holder())) {
            kind = Kind.TAKE_OVER;
        } else {
            return Optional.empty();
        }
        LeaseRecord record = new LeaseRecord(kind, me, state.term(), side, ++number, who);
        sentNanos.put(number, nowNanos);
        return Optional.of(record);
    }

    /** Whether somebody else has the lease, or had it since. */
    boolean isLost() {
        return state.holder() != null && !me.equals(state.holder());
    }

    /** Who has it now, for people. */
    String rival() {
        return state.who();
    }

    /**
     * Whether nobody else can have it yet: less than {@link LeaseState#VALIDITY} has passed, two beats set aside, since a
     * record was sent that was then read back.
     */
    boolean isSure(long nowNanos) {
        return sure
                && !isLost()
                && nowNanos - sureNanos
                        < LeaseState.VALIDITY
                                .minus(LeaseState.BEAT.multipliedBy(2))
                                .toNanos();
    }

    /** Whether the job itself was heard: then who started it need not beat any more. */
    boolean isJobHeard() {
        return jobSeen;
    }

    /** The record that gives the lease back. */
    LeaseRecord release() {
        return new LeaseRecord(Kind.RELEASE, me, state.term(), side, ++number, who);
    }
}
