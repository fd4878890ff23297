package io.winnow.monitoring.ledger.live;

import java.nio.file.Path;
import java.util.Map;

/**
 * What a ledger needs.
 *
 * @param stream the stream's name
 * @param kafka plain Kafka client properties, at least {@code bootstrap.servers}
 * @param stateDir where the accounts lie; they can be rebuilt from Kafka
 * @param port of page and metrics on 127.0.0.1; 0 for any free one
 */
public record LedgerConfig(String stream, Map<String, String> kafka, Path stateDir, int port) {
    public LedgerConfig {
        kafka = Map.copyOf(kafka);
        if (!stream.matches("[a-zA-Z0-9][a-zA-Z0-9._-]{0,199}")) {
            throw new IllegalArgumentException("a stream's name is made of letters, digits, '.', '_' and '-'");
        }
        if (kafka.getOrDefault("bootstrap.servers", "").isBlank()) {
            throw new IllegalArgumentException("the ledger needs 'bootstrap.servers' among its Kafka properties");
        }
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("the ledger's port must lie between 0 and 65535, not " + port);
        }
    }

    /** The consumer group of the ledger, which is its name as a Kafka Streams application. */
    String applicationId() {
        return "winnow-ledger-" + stream;
    }

    // Secrets among the client properties stay out of logs.
    @Override
    public String toString() {
        return "ledger of " + stream + " on port " + port;
    }
}
