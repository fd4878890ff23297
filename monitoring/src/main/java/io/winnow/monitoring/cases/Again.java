package io.winnow.monitoring.cases;

/**
 * What a record's verdict would be now: it was judged again after the stream had changed.
 *
 * @param bits its surprise under the profile that the change ended with. Where the contract compares a record with its
 *     key's last ones, it may be somewhat less: the last accepted row is not kept here
 * @param threshold the contract's threshold in bits then
 * @param profile that profile's hash
 * @param at when it was judged again, milliseconds since 1970
 * @param sequenceLeftOut whether it was compared with its key's last rows at first, and could not be again: these bits are
 *     those of the record on its own
 */
public record Again(double bits, double threshold, String profile, long at, boolean sequenceLeftOut) {
    /** Whether it would be accepted; what was left out may be all that set it aside, so that nobody knows then. */
    boolean accepts() {
        return bits < threshold && !sequenceLeftOut;
    }
}
