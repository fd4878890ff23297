package io.winnow.monitoring.cases;

/**
 * What a record's verdict would be now: it was judged again after the stream had changed.
 *
 * @param bits its surprise under the profile that the change ended with
 * @param threshold the contract's threshold in bits then
 * @param profile that profile's hash
 * @param at when it was judged again, milliseconds since 1970
 */
public record Again(double bits, double threshold, String profile, long at) {
    /** Whether it would be accepted. */
    boolean accepts() {
        return bits < threshold;
    }
}
