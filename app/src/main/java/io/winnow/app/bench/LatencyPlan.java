package io.winnow.app.bench;

import java.util.OptionalDouble;

/**
 * What is to be measured.
 *
 * @param records to know the stream by, and to find out what the job can do
 * @param rate records a second to send; half of what the job can do if absent
 * @param warmUp seconds sent before anything is measured
 * @param seconds measured of each kind of delivery
 * @param seed of the values
 */
public record LatencyPlan(long records, OptionalDouble rate, int warmUp, int seconds, long seed) {
    public LatencyPlan {
        if (records < 1_000 || warmUp < 0 || seconds < 1 || (rate.isPresent() && !(rate.getAsDouble() >= 1))) {
            throw new IllegalArgumentException("at least 1000 records, one record a second and one second are needed");
        }
    }
}
