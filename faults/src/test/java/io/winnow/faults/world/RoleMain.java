package io.winnow.faults.world;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.winnow.core.contract.ContractReader;
import io.winnow.monitoring.desk.Desk;
import io.winnow.monitoring.desk.DeskConfig;
import io.winnow.monitoring.ledger.live.LedgerConfig;
import io.winnow.monitoring.ledger.live.LedgerService;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** {@code RoleMain desk|ledger ORDER}: a part of Winnow in a process of its own; ends with its standard input. */
public final class RoleMain {
    /** What it says when it answers; its port follows. */
    public static final String ANSWERS = "answers on port ";

    private RoleMain() {}

    public static void main(String[] args) throws Exception {
        JsonNode order = new ObjectMapper().readTree(Files.readAllBytes(Path.of(args[1])));
        Map<String, String> kafka =
                Map.of("bootstrap.servers", order.get("bootstrap").asText());
        Path state = Path.of(order.get("state").asText());
        int port = order.get("port").asInt();
        AutoCloseable part;
        if (args[0].equals("desk")) {
            part = Desk.start(new DeskConfig(
                    ContractReader.parse(order.get("yaml").asText(), "the contract"),
                    kafka,
                    state,
                    port,
                    order.get("token").asText(),
                    Duration.ZERO));
        } else {
            part = LedgerService.start(new LedgerConfig(order.get("stream").asText(), kafka, state, port));
        }
        System.out.println(ANSWERS + port);
        while (System.in.read() >= 0) {
            // Nothing is said.
        }
        part.close();
        System.exit(0);
    }
}
