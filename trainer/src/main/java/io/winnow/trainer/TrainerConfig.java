package io.winnow.trainer;

import io.winnow.core.contract.Contract;
import java.nio.file.Path;
import java.util.Map;

/**
 * What a trainer needs to know.
 *
 * @param contract of the stream; it must name a target
 * @param yaml the contract's text, kept with each model
 * @param kafka plain Kafka client properties, at least {@code bootstrap.servers}
 * @param modelsDir where models go, below a directory of the stream's name; beside it {@code djl-cache} takes PyTorch's
 *     native libraries, and {@code runs} what was recorded of each training
 * @param keepModels how many models are kept for their age alone
 * @param port of {@code /metrics} and the model API on 127.0.0.1; 0 for any free one
 * @param token what every POST must bring
 * @param seed of everything random
 */
public record TrainerConfig(
        Contract contract,
        String yaml,
        Map<String, String> kafka,
        Path modelsDir,
        int keepModels,
        int port,
        String token,
        long seed) {
    public TrainerConfig {
        kafka = Map.copyOf(kafka);
        if (!kafka.containsKey("bootstrap.servers")) {
            throw new IllegalArgumentException("the Kafka properties lack bootstrap.servers");
        }
        if (contract.target().isEmpty()) {
            throw new IllegalArgumentException("the contract of " + contract.stream()
                    + " names no target, so there is nothing to train; add 'target: {name: …, type: …}'");
        }
        if (keepModels < 1) {
            throw new IllegalArgumentException("at least one model must be kept, not " + keepModels);
        }
        if (port < 0 || port > 65_535) {
            throw new IllegalArgumentException("the trainer's port must be 0 to 65535, not " + port);
        }
        if (token.isBlank()) {
            throw new IllegalArgumentException(
                    "the trainer needs a token: without one nobody could ask it for a training");
        }
    }

    /** Where trainings are recorded. */
    Path runsDir() {
        return modelsDir.toAbsolutePath().normalize().resolveSibling("runs").resolve(contract.stream());
    }

    /** Where DJL unpacks PyTorch. */
    Path djlCache() {
        return modelsDir.toAbsolutePath().normalize().resolveSibling("djl-cache");
    }
}
