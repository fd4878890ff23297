package io.winnow.app.command;

import io.winnow.app.Failure;
import io.winnow.app.home.DataDirectory;
import io.winnow.app.home.Logs;
import io.winnow.app.home.StreamContracts;
import io.winnow.app.kafka.Ports;
import io.winnow.app.terminal.Terminal;
import io.winnow.core.contract.Contract;
import io.winnow.ingest.http.Gateway;
import io.winnow.ingest.http.GatewayConfig;
import io.winnow.ingest.http.GatewayLimits;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@code winnow ingest --http}: a gateway, until Ctrl-C. */
final class HttpIngest {
    private static final int USUAL_PORT = 8090;

    private HttpIngest() {}

    static int run(
            List<String> streams,
            List<Contract> given,
            Map<String, String> kafka,
            Path directory,
            @Nullable Integer port)
            throws InterruptedException {
        Terminal terminal = Terminal.standard();
        String token = DataDirectory.token(directory);
        Logs.toFile(directory.resolve("logs"), "gateway");
        int listen = port == null ? Ports.preferred(USUAL_PORT, "the HTTP gateway") : port;
        GatewayConfig config =
                new GatewayConfig(contracts(streams, given, directory), kafka, token, listen, GatewayLimits.DEFAULT);
        try (Lifetime lifetime = new Lifetime();
                Gateway gateway = Gateway.start(config)) {
            for (String stream : config.streams().keySet()) {
                terminal.line("  POST http://%s:%d/v1/streams/%s/records", Ports.LOOPBACK, gateway.port(), stream);
            }
            terminal.line("  %-22s %s", "token of every POST", directory.resolve("token"));
            terminal.line("running; stop with Ctrl-C");
            lifetime.await(gateway.takenOver()
                    .thenApply(stream -> new Failure("another gateway has taken over stream '" + stream
                            + "'; a stream has one gateway at a time")));
        }
        return 0;
    }

    private static Map<String, Optional<Contract>> contracts(
            List<String> streams, List<Contract> given, Path directory) {
        Map<String, Contract> byStream = given.stream().collect(Collectors.toMap(Contract::stream, c -> c, (a, b) -> {
            throw new Failure("two contracts are for stream '" + a.stream() + "'; give one");
        }));
        for (String stream : byStream.keySet()) {
            if (!Set.copyOf(streams).contains(stream)) {
                throw new Failure("a contract is for stream '" + stream + "', which is none of "
                        + String.join(", ", streams) + "; add --stream " + stream);
            }
        }
        Map<String, Optional<Contract>> contracts = new LinkedHashMap<>();
        for (String stream : streams) {
            contracts.put(
                    stream,
                    Optional.ofNullable(byStream.get(stream)).or(() -> StreamContracts.find(directory, stream)));
        }
        return contracts;
    }
}
