package io.winnow.app.command;

import io.winnow.app.Failure;
import io.winnow.app.home.RunningState;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
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

    /** Whether a cluster can be reached without starting one. */
    boolean isKnown() {
        return bootstrap != null || live().isPresent();
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
