package io.winnow.app.demo;

import java.time.Duration;

/**
 * What a demo is to do.
 *
 * @param records how many to send
 * @param seed of the simulation and its faults
 * @param ratePerSecond records sent in a second at most; paced so that the first profiles can follow
 * @param modelWait how long to wait, after the last verdict, for a first model at most
 */
public record DemoOptions(int records, long seed, double ratePerSecond, Duration modelWait) {
    public DemoOptions {
        if (records < 1) {
            throw new IllegalArgumentException("--records must be at least 1, not " + records);
        }
        if (!(ratePerSecond > 0)) {
            throw new IllegalArgumentException("the rate must be above 0, not " + ratePerSecond);
        }
        if (modelWait.isNegative()) {
            throw new IllegalArgumentException("the wait for a model must not be negative");
        }
    }
}
