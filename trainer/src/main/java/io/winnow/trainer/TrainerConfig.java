package io.winnow.trainer;

import io.winnow.core.contract.Contract;
import java.nio.file.Path;
import java.util.Map;

/**
 * What a trainer needs to know.
 *
 * @param contract of the stream; it must name a target
 * @param kafka plain Kafka client properties, at least {@code bootstrap.servers}
 * @param modelsDir where models go, below a directory of the stream's name; beside it {@code djl-cache} takes PyTorch's
 *     native libraries
 * @param metricsPort of {@code /metrics} on 127.0.0.1; 0 for any free one
 * @param seed of everything random
 */
public record TrainerConfig(Contract contract, Map<String, String> kafka, Path modelsDir, int metricsPort, long seed) {
    public TrainerConfig {
        kafka = Map.copyOf(kafka);
        if (!kafka.containsKey("bootstrap.servers")) {
            throw new IllegalArgumentException("the Kafka properties lack bootstrap.servers");
        }
        if (contract.target().isEmpty()) {
            throw new IllegalArgumentException("the contract of " + contract.stream()
                    + " names no target, so there is nothing to train; add 'target: {name: …, type: …}'");
        }
        if (metricsPort < 0 || metricsPort > 65_535) {
            throw new IllegalArgumentException("the metrics port must be 0 to 65535, not " + metricsPort);
        }
    }

    /** Where DJL unpacks PyTorch. */
    Path djlCache() {
        return modelsDir.toAbsolutePath().normalize().resolveSibling("djl-cache");
    }
}
