package io.winnow.app.system;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;

/**
 * What a trainer's process is told, as one line of JSON on its standard input: settings may hold secrets, and a command
 * line is for all to see.
 *
 * @param contract the contract's YAML
 * @param kafka client settings
 * @param models the model store
 * @param logs where {@code trainer-STREAM.log} goes
 * @param keepModels how many models are kept for their age alone
 * @param port of its pages
 * @param token what every POST must bring
 * @param seed of everything random
 */
public record TrainerOrder(
        String contract,
        Map<String, String> kafka,
        String models,
        String logs,
        int keepModels,
        int port,
        String token,
        long seed) {
    private static final ObjectMapper JSON = new ObjectMapper();

    public TrainerOrder {
        kafka = Map.copyOf(kafka);
    }

    String line() throws JsonProcessingException {
        return JSON.writeValueAsString(this) + "\n";
    }
}
