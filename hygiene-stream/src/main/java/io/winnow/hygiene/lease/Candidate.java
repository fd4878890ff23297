package io.winnow.hygiene.lease;

import io.winnow.hygiene.lease.LeaseRecord.Kind;
import io.winnow.hygiene.lease.LeaseRecord.Side;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One who wants the lease. It is shown the topic's records and the time, and says what to do next; it knows no Kafka and no
 * clock. Whoever has the lease and beats while it is watched, lives; whoever is silent for
 * {@link LeaseState#VALIDITY} does not, whatever any clock says.
 */
final class Candidate {
    /** One beat may have been under way when its holder died. */
    private static final int LIFE_SIGNS = 2;
    /** Whoever lives and loses the lease sees it within a beat or two, and fails its job at once. */
    private static final Duration EVICTION = LeaseState.VALIDITY.plusSeconds(3);

    /** What to do next. */
    sealed interface Move {
        /** Append this record. */
        record Append(LeaseRecord record) implements Move {}

        /** Read on. */
        record Wait() implements Move {}

        /** It has the lease, and nobody else works on. */
        record Won(long term) implements Move {}

        /** Somebody lives who has it, and was started there. */
        record Refused(String who) implements Move {}
    }

    private final String me;
    private final String who;
    private final boolean takeOver;
    private LeaseState state = LeaseState.NONE;
    /** What was appended last and not read back yet. */
    private @Nullable LeaseRecord pending;

    private boolean asked;
    /** Of whoever has the lease: beats since the claim, and when the last one was seen. */
    private int lifeSigns;

    private long heardNanos;
    /** Whom this one put out, until it is known to have stopped. */
    private @Nullable String evicted;

    private long evictedTerm;
    private long evictedNanos;
    private long beatNanos;
    private long number;
    private boolean hadIt;

    /**
     * A candidate.
     *
     * @param me its own id
     * @param who where it is, for people
     * @param takeOver whether it takes the lease from one who lives
     */
    Candidate(String me, String who, boolean takeOver) {
        this.me = me;
        this.who = who;
        this.takeOver = takeOver;
    }

    /**
     * Shows it the next record.
     *
     * @param nowNanos of a clock that only goes forward
     */
    void see(LeaseRecord record, long brokerMillis, long nowNanos) {
        LeaseState before = state;
        state = state.after(record, brokerMillis);
        if (record.equals(pending)) {
            pending = null;
            heardNanos = nowNanos;
            boolean fromTheLiving = record.kind() == Kind.TAKE_OVER
                    && state.isHeldBy(me)
                    && !before.released()
                    && before.holder() != null
                    && !before.holder().equals(me)
                    && !before.isStale(brokerMillis);
            if (fromTheLiving && takeOver) {
                evicted = before.holder();
                evictedTerm = before.term();
                evictedNanos = nowNanos;
                beatNanos = nowNanos;
            }
        } else if (record.kind() == Kind.BEAT && record.holder().equals(state.holder())) {
            lifeSigns++;
            heardNanos = nowNanos;
        } else if (record.kind() == Kind.RELEASE && record.holder().equals(evicted) && record.term() == evictedTerm) {
            evicted = null;
        }
        hadIt |= state.isHeldBy(me);
        if (!Objects.equals(before.holder(), state.holder())) {
            lifeSigns = 0;
            heardNanos = nowNanos;
        }
    }

    /** What to do now, having been shown all there is. */
    Move next(long nowNanos) {
        if (pending != null) {
            return new Move.Wait();
        }
        if (!asked) {
            asked = true;
            lifeSigns = 0;
            return takeOver && state.holder() != null ? append(Kind.TAKE_OVER) : append(Kind.CLAIM);
        }
        if (state.isHeldBy(me)) {
            return evicted == null || nowNanos - evictedNanos > EVICTION.toNanos()
                    ? new Move.Won(state.term())
                    : waitOrBeat(nowNanos);
        }
        if (hadIt) {
            // Somebody else took it over in the meantime; taking it back would go on for ever.
            return new Move.Refused(state.who());
        }
        if (state.released()) {
            return append(Kind.CLAIM);
        }
        if (takeOver) {
            return append(Kind.TAKE_OVER);
        }
        if (lifeSigns >= LIFE_SIGNS) {
            return new Move.Refused(state.who());
        }
        return nowNanos - heardNanos > LeaseState.VALIDITY.toNanos() ? append(Kind.TAKE_OVER) : new Move.Wait();
    }

    private Move waitOrBeat(long nowNanos) {
        if (nowNanos - beatNanos < LeaseState.BEAT.toNanos()) {
            return new Move.Wait();
        }
        beatNanos = nowNanos;
        return new Move.Append(new LeaseRecord(Kind.BEAT, me, state.term(), Side.STARTER, ++number, who));
    }

    private Move append(Kind kind) {
        LeaseRecord record =
                new LeaseRecord(kind, me, kind == Kind.TAKE_OVER ? state.term() : 0, Side.STARTER, ++number, who);
        pending = record;
        return new Move.Append(record);
    }

    /** Who has the lease, as far as was shown. */
    LeaseState state() {
        return state;
    }

    /** How many records it has written. */
    long number() {
        return number;
    }
}
