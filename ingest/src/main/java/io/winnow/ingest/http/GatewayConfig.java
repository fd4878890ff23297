package io.winnow.ingest.http;

import io.winnow.core.contract.Contract;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a gateway needs.
 *
 * @param streams the streams that it takes records for; a contract types CSV cells and names the Kafka key, without one
 *     cells are what they look like and keys are null
 * @param kafka client properties with at least {@code bootstrap.servers}
 * @param token what every POST must bring
 * @param port on 127.0.0.1; 0 for any
 * @param limits what it takes at most
 */
public record GatewayConfig(
        Map<String, Optional<Contract>> streams,
        Map<String, String> kafka,
        String token,
        int port,
        GatewayLimits limits) {
    public GatewayConfig {
        streams = Map.copyOf(new LinkedHashMap<>(streams));
        kafka = Map.copyOf(kafka);
        if (streams.isEmpty()) {
            throw new IllegalArgumentException("a gateway needs at least one stream");
        }
        if (!kafka.containsKey("bootstrap.servers")) {
            throw new IllegalArgumentException("a gateway needs bootstrap.servers");
        }
        streams.forEach((stream, contract) -> contract.ifPresent(c -> {
            if (!c.stream().equals(stream)) {
                throw new IllegalArgumentException(
                        "the contract given for stream '" + stream + "' is for stream '" + c.stream() + "'");
            }
        }));
    }
}
