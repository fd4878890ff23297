package io.winnow.hygiene.lease;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Optional;

/**
 * What somebody writes to {@code S.leases}. All records have one key, so that compaction leaves the newest.
 *
 * @param kind what it says
 * @param holder whom it speaks of: one run of a job, by an id of its own
 * @param term with BEAT and RELEASE the holder's term; with TAKE_OVER the term that it ends; 0 with CLAIM
 * @param side which end of the run wrote it
 * @param number of the record among its writer's, from 1 on
 * @param who where the run was started, for people
 */
@JsonIgnoreProperties(ignoreUnknown = true)
record LeaseRecord(Kind kind, String holder, long term, Side side, long number, String who) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What a record says. */
    enum Kind {
        /** "It is mine if nobody has it." */
        CLAIM,
        /** "It is mine, if {@code term} is still the term": by order of a person, or because its holder is silent. */
        TAKE_OVER,
        /** "I live." */
        BEAT,
        /** "I need it no more." */
        RELEASE
    }

    /** Where a run writes from. */
    enum Side {
        /** Who starts it. */
        STARTER,
        /** The job itself, in the JobManager. */
        JOB
    }

    byte[] encode() {
        try {
            return JSON.writeValueAsBytes(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a record of plain values is JSON", e);
        }
    }

    /** Whatever somebody else wrote to the topic is no record. */
    static Optional<LeaseRecord> decode(byte[] value) {
        try {
            LeaseRecord record = JSON.readValue(value, LeaseRecord.class);
            boolean whole = record.kind != null && record.holder != null && record.side != null && record.who != null;
            return whole ? Optional.of(record) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
