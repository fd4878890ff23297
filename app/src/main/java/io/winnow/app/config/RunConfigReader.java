package io.winnow.app.config;

import io.winnow.app.config.RunConfig.FlinkSettings;
import io.winnow.app.config.RunConfig.PortSettings;
import io.winnow.app.config.RunConfig.TrainerSettings;
import io.winnow.app.home.DataDirectory;
import io.winnow.core.contract.ContractException;
import io.winnow.core.contract.ContractReader;
import io.winnow.core.contract.YamlFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads the file that {@code winnow run --config} is given. */
public final class RunConfigReader {
    private final Path file;
    private final YamlFile yaml;

    private RunConfigReader(Path file) {
        this.file = file;
        this.yaml = new YamlFile(file.toString());
    }

    /**
     * Reads a configuration; a bare contract is one with this single stream.
     *
     * @throws ContractException with file and line if it cannot be used
     */
    public static RunConfig read(Path file) {
        return new RunConfigReader(file).read();
    }

    private RunConfig read() {
        String text = content(file);
        Node root = yaml.compose(text, "streams: [CONTRACT.yaml]");
        if (root instanceof MappingNode
                && yaml.mapping(root, "the file", Set.of()).containsKey("features")) {
            return RunConfig.of(ContractReader.parse(text, file.toString()), text);
        }
        Map<String, Node> top = yaml.mapping(
                root, "the configuration", Set.of("streams", "data", "kafka", "flink", "trainer", "ports"));
        Node streams = yaml.require(top, "streams", root, "[CONTRACT.yaml]");
        List<RunConfig.Stream> contracts = yaml.list(streams, "streams", "[CONTRACT.yaml]").stream()
                .map(this::stream)
                .toList();
        return yaml.valid(
                root,
                () -> new RunConfig(
                        contracts,
                        Optional.ofNullable(top.get("data")).map(n -> path(yaml.text(n, "data"))),
                        kafka(top.get("kafka")),
                        flink(top.get("flink")),
                        trainer(top.get("trainer")),
                        ports(top.get("ports"))));
    }

    private RunConfig.Stream stream(Node node) {
        Path contract = path(yaml.text(node, "a contract's path"));
        if (!Files.isReadable(contract)) {
            throw yaml.error(node, "contract " + contract + " cannot be read; write its path relative to this file");
        }
        String text = content(contract);
        return new RunConfig.Stream(ContractReader.parse(text, contract.toString()), text);
    }

    private Map<String, String> kafka(@Nullable Node node) {
        Map<String, String> settings = new LinkedHashMap<>();
        if (node != null) {
            yaml.mapping(node, "kafka", Set.of())
                    .forEach((key, value) -> settings.put(key, yaml.text(value, "kafka." + key)));
        }
        return settings;
    }

    private FlinkSettings flink(@Nullable Node node) {
        if (node == null) {
            return FlinkSettings.DEFAULT;
        }
        Map<String, Node> m =
                yaml.mapping(node, "flink", Set.of("here", "parallelism", "checkpoint-seconds", "delivery"));
        FlinkSettings d = FlinkSettings.DEFAULT;
        return yaml.valid(
                node,
                () -> new FlinkSettings(
                        bool(m, "here", d.here()),
                        whole(m, "parallelism", d.parallelism()),
                        whole(m, "checkpoint-seconds", d.checkpointSeconds()),
                        exactlyOnce(m.get("delivery"), d.exactlyOnce())));
    }

    private boolean exactlyOnce(@Nullable Node node, boolean otherwise) {
        if (node == null) {
            return otherwise;
        }
        return switch (yaml.text(node, "delivery")) {
            case "exactly-once" -> true;
            case "at-least-once" -> false;
            default -> throw yaml.error(node, "delivery must be exactly-once or at-least-once");
        };
    }

    private TrainerSettings trainer(@Nullable Node node) {
        if (node == null) {
            return TrainerSettings.DEFAULT;
        }
        Map<String, Node> m = yaml.mapping(node, "trainer", Set.of("here", "memory-mib", "keep-models"));
        TrainerSettings d = TrainerSettings.DEFAULT;
        return yaml.valid(
                node,
                () -> new TrainerSettings(
                        bool(m, "here", d.here()),
                        whole(m, "memory-mib", d.memoryMiB()),
                        whole(m, "keep-models", d.keepModels())));
    }

    private PortSettings ports(@Nullable Node node) {
        if (node == null) {
            return PortSettings.DEFAULT;
        }
        Map<String, Node> m = yaml.mapping(node, "ports", Set.of("kafka", "desk", "metrics", "ledger", "gateway"));
        return yaml.valid(
                node,
                () -> new PortSettings(
                        port(m, "kafka"), port(m, "desk"), port(m, "metrics"), port(m, "ledger"), port(m, "gateway")));
    }

    private OptionalInt port(Map<String, Node> m, String key) {
        Node node = m.get(key);
        return node == null ? OptionalInt.empty() : OptionalInt.of(yaml.whole(node, key));
    }

    private int whole(Map<String, Node> m, String key, int otherwise) {
        Node node = m.get(key);
        return node == null ? otherwise : yaml.whole(node, key);
    }

    private boolean bool(Map<String, Node> m, String key, boolean otherwise) {
        Node node = m.get(key);
        return node == null ? otherwise : yaml.bool(node, key);
    }

    /** Paths are relative to the file, so that it works from any directory. */
    private Path path(String text) {
        String expanded = text.startsWith("~/") ? DataDirectory.home() + text.substring(1) : text;
        Path base = file.toAbsolutePath().getParent();
        return base == null ? Path.of(expanded) : base.resolve(expanded).normalize();
    }

    private static String content(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new ContractException(file + ": cannot be read ("
                    + e.getClass().getSimpleName() + "); give the path of a configuration or of a contract");
        }
    }
}
