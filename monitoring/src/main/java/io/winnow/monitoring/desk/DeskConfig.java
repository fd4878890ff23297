package io.winnow.monitoring.desk;

import io.winnow.core.contract.Contract;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * What a desk needs.
 *
 * @param contract the stream's contract
 * @param kafka plain Kafka client properties, at least {@code bootstrap.servers}
 * @param stateDir where the case store lies; it can be rebuilt from Kafka
 * @param port of page, API and metrics on 127.0.0.1; 0 for any free one
 * @param token what every POST must bring as bearer token
 * @param releaseHold how long a release waits before it is forwarded, ≥ 0
 */
public record DeskConfig(
        Contract contract, Map<String, String> kafka, Path stateDir, int port, String token, Duration releaseHold) {
    public DeskConfig {
        kafka = Map.copyOf(kafka);
        if (kafka.getOrDefault("bootstrap.servers", "").isBlank()) {
            throw new IllegalArgumentException("the desk needs 'bootstrap.servers' among its Kafka properties");
        }
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("the desk's port must lie between 0 and 65535, not " + port);
        }
        if (token.isBlank()) {
            throw new IllegalArgumentException("the desk needs a token: without one nobody could decide");
        }
        if (releaseHold.isNegative()) {
            throw new IllegalArgumentException("release hold must be 0 or more, not " + releaseHold);
        }
    }
    // The token stays out of logs.
    @Override
    public String toString() {
        return "desk of " + contract.stream() + " on port " + port;
    }
}
