package io.winnow.app.command;

import io.winnow.app.Failure;
import io.winnow.app.home.Logs;
import io.winnow.app.kafka.Ports;
import io.winnow.app.kafka.StreamTopicsSetup;
import io.winnow.app.terminal.Terminal;
import io.winnow.monitoring.ledger.live.LedgerConfig;
import io.winnow.monitoring.ledger.live.LedgerService;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code winnow ledger}. */
@Command(
        name = "ledger",
        description = "Prove all the time that every record has exactly one verdict: metrics and a page, until Ctrl-C.",
        mixinStandardHelpOptions = true)
public final class LedgerCommand implements Callable<Integer> {
    private static final int PORT = 9251;

    @Option(names = "--stream", required = true, paramLabel = "S", description = "The stream's name.")
    private String stream;

    @Option(names = "--port", paramLabel = "P", description = "Port on 127.0.0.1 (default: 9251 or any; 0 for any).")
    private @Nullable Integer port;

    @Mixin
    private KafkaOption kafka;

    @Override
    public Integer call() throws InterruptedException {
        Map<String, String> settings = kafka.settings();
        Path directory = kafka.directory();
        int chosen = port == null ? Ports.preferred(PORT, "the ledger") : Ports.free(port, "the ledger");
        LedgerConfig config =
                new LedgerConfig(stream, settings, directory.resolve("ledger").resolve(stream), chosen);
        Logs.toFile(directory.resolve("logs"), "ledger-" + stream);
        StreamTopicsSetup.reach(settings);
        Terminal terminal = Terminal.standard();
        try (Lifetime lifetime = new Lifetime();
                LedgerService ledger = LedgerService.start(config)) {
            terminal.line("ledger of %s on http://%s:%d/ledger", stream, Ports.LOOPBACK, ledger.port());
            lifetime.await(ledger.failure().thenApply(Failure::new));
        }
        return 0;
    }
}
