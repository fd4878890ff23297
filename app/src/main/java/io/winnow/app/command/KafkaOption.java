package io.winnow.app.command;

import io.winnow.app.Failure;
import io.winnow.app.home.DataDirectory;
import io.winnow.app.home.Logs;
import io.winnow.app.home.RunningState;
import io.winnow.app.kafka.EmbeddedBroker;
import io.winnow.app.kafka.Ports;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** How a command reaches Kafka: {@code --bootstrap}, else what runs on {@code --data}. */
final class KafkaOption {
    @Option(
            names = "--bootstrap",
            paramLabel = "HOSTS",
            description = "Kafka's host:port (default: that of the winnow running on --data).")
    private @Nullable String bootstrap;

    @Option(
            names = "--kafka",
            paramLabel = "KEY=VALUE",
            description = "A further Kafka client property; may be repeated.")
    private @Nullable Map<String, String> properties;

    @Mixin
    private DataOption data;

    Path directory() {
        return data.directory();
    }

    /** Client settings. */
    Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        if (properties != null) {
            settings.putAll(properties);
        }
        settings.put("bootstrap.servers", bootstrap != null ? bootstrap : running());
        return settings;
    }

    /**
     * Does some work with client settings. Where nothing runs on the data directory, and no cluster is named, its broker is
     * started for this alone.
     *
     * @param log the name of the log that such a broker writes
     */
    <T> T reach(String log, Function<Map<String, String>, T> work) {
        boolean known = bootstrap != null || live().isPresent();
        if (known || !Files.isDirectory(directory().resolve("kafka"))) {
            return work.apply(settings());
        }
        try (DataDirectory atRest = DataDirectory.open(directory())) {
            Logs.toFile(atRest.logs(), log);
            try (EmbeddedBroker broker =
                    EmbeddedBroker.start(atRest.kafka(), Ports.free(0, "the embedded Kafka broker"))) {
                return work.apply(broker.clientSettings());
            }
        }
    }

    private String running() {
        return live().map(RunningState::bootstrap)
                .orElseThrow(() -> new Failure("no winnow runs on " + directory()
                        + "; start one with 'winnow run', or name a cluster with --bootstrap HOST:PORT"));
    }

    private Optional<RunningState> live() {
        return RunningState.read(directory()).filter(s -> s.process().isPresent());
    }
}
