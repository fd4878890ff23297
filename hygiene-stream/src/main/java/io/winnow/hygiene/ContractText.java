package io.winnow.hygiene;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.winnow.core.contract.Contract;
import java.io.Serializable;

/**
 * A contract as it travels in a job graph, which needs Java serialization, which the contract's optional fields lack.
 *
 * @param json all of its components
 */
public record ContractText(String json) implements Serializable {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new Jdk8Module())
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /** This contract as text. */
    public static ContractText of(Contract contract) {
        try {
            return new ContractText(JSON.writeValueAsString(contract));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a contract of plain values can always be written", e);
        }
    }

    /**
     * The contract.
     *
     * @throws IllegalArgumentException if the text is no contract
     */
    public Contract contract() {
        try {
            return JSON.readValue(json, Contract.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not a contract: " + e.getOriginalMessage(), e);
        }
    }
}
