package io.winnow.core.contract;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads a contract from YAML. Every error names the file, the line and what to write instead. */
public final class ContractReader {
    private final YamlFile yaml;

    private ContractReader(YamlFile yaml) {
        this.yaml = yaml;
    }

    /**
     * Reads a contract file.
     *
     * @throws ContractException if it cannot be read or is no valid contract
     */
    public static Contract read(Path file) {
        try {
            return parse(Files.readString(file), file.toString());
        } catch (IOException e) {
            throw new ContractException(
                    file + ": cannot be read (" + e.getClass().getSimpleName()
                            + "); give the path of a contract, or write one with 'winnow infer FILE'");
        }
    }

    /**
     * Reads a contract from text.
     *
     * @param yaml the text
     * @param file what to call it in errors
     * @throws ContractException if it is no valid contract
     */
    public static Contract parse(String yaml, String file) {
        return new ContractReader(new YamlFile(file)).contract(yaml);
    }

    private Contract contract(String text) {
        Node root = yaml.compose(text, "stream: NAME");
        Map<String, Node> top = yaml.mapping(
                root,
                "contract",
                Set.of(
                        "stream",
                        "key",
                        "context",
                        "time",
                        "features",
                        "target",
                        "labels",
                        "derive",
                        "hygiene",
                        "training"));
        String stream = yaml.text(require(top, "stream", root), "stream");
        Optional<String> key = Optional.ofNullable(top.get("key")).map(n -> yaml.text(n, "key"));
        boolean contextPerKey = top.containsKey("context") && context(require(top, "context", root), key);
        Optional<TimeField> time = Optional.ofNullable(top.get("time")).map(this::time);
        List<Feature> features = new ArrayList<>();
        Set<String> seen = new java.util.HashSet<>();
        Node list = require(top, "features", root);
        for (Node node : yaml.list(list, "features", "'- {name: demand, type: number}'")) {
            Feature feature = feature(node);
            if (!seen.add(feature.name())) {
                throw yaml.error(node, "feature '" + feature.name() + "' is there twice; remove one");
            }
            features.add(feature);
        }
        Optional<Target> target = Optional.ofNullable(top.get("target")).map(this::target);
        Optional<Labels> labels = Optional.ofNullable(top.get("labels")).map(this::labels);
        Derive derive = Optional.ofNullable(top.get("derive")).map(this::derive).orElse(Derive.DEFAULT);
        Hygiene hygiene =
                Optional.ofNullable(top.get("hygiene")).map(this::hygiene).orElse(Hygiene.DEFAULT);
        Training training =
                Optional.ofNullable(top.get("training")).map(this::training).orElse(Training.DEFAULT);
        return yaml.valid(
                root,
                () -> new Contract(
                        stream, key, contextPerKey, time, features, target, labels, derive, hygiene, training));
    }

    private boolean context(Node node, Optional<String> key) {
        Map<String, Node> m = yaml.mapping(node, "context", Set.of("per"));
        Node per = require(m, "per", node);
        if (!yaml.text(per, "per").equals("key")) {
            throw yaml.error(per, "per must be key: a row is compared with the last rows of its key");
        }
        if (key.isEmpty()) {
            throw yaml.error(
                    node,
                    "context per key needs a key; add 'key: FIELD', the field that says whose row it is, or leave"
                            + " 'context' out");
        }
        return true;
    }

    private TimeField time(Node node) {
        Map<String, Node> m = yaml.mapping(node, "time", Set.of("field", "format"));
        String field = yaml.text(require(m, "field", node), "field");
        Node format = m.get("format");
        if (format == null) {
            return new TimeField(field, TimeField.Format.ISO_8601);
        }
        String label = yaml.text(format, "format");
        return new TimeField(
                field,
                TimeField.Format.of(label)
                        .orElseThrow(() -> yaml.error(
                                format,
                                "unknown time format '" + label + "'; write iso-8601, epoch-millis or epoch-seconds")));
    }

    private Feature feature(Node node) {
        Map<String, Node> m = yaml.mapping(node, "feature", Set.of("name", "type", "min", "max", "required"));
        String name = yaml.text(require(m, "name", node), "name");
        FeatureType type = type(require(m, "type", node));
        Node min = m.get("min");
        Node max = m.get("max");
        double low = min == null ? Double.NEGATIVE_INFINITY : yaml.number(min, "min");
        double high = max == null ? Double.POSITIVE_INFINITY : yaml.number(max, "max");
        Node required = m.get("required");
        return yaml.valid(
                node, () -> new Feature(name, type, low, high, required != null && yaml.bool(required, "required")));
    }

    private Target target(Node node) {
        Map<String, Node> m = yaml.mapping(node, "target", Set.of("name", "type"));
        String name = yaml.text(require(m, "name", node), "name");
        FeatureType type = type(require(m, "type", node));
        return yaml.valid(node, () -> new Target(name, type));
    }

    private Labels labels(Node node) {
        Node within = require(yaml.mapping(node, "labels", Set.of("within")), "within", node);
        return yaml.valid(within, () -> Labels.of(yaml.text(within, "within")));
    }

    private Derive derive(Node node) {
        Map<String, Node> m = yaml.mapping(node, "derive", Set.of("lags", "means"));
        Node lags = m.get("lags");
        Node means = m.get("means");
        return yaml.valid(node, () -> {
            Derive byLags = lags == null ? Derive.DEFAULT : Derive.of(wholes(lags, "lags"));
            return means == null ? byLags : new Derive(byLags.lags(), wholes(means, "means"));
        });
    }

    private List<Integer> wholes(Node node, String what) {
        return yaml.list(node, what, "[1, 2, 24]").stream()
                .map(n -> yaml.whole(n, what))
                .toList();
    }

    private Hygiene hygiene(Node node) {
        Map<String, Node> m = yaml.mapping(node, "hygiene", Set.of("quarantine-bits", "on-regime-change", "breaker"));
        Node bits = m.get("quarantine-bits");
        Node change = m.get("on-regime-change");
        OnRegimeChange policy = change == null ? Hygiene.DEFAULT.onRegimeChange() : onRegimeChange(change);
        Breaker breaker =
                Optional.ofNullable(m.get("breaker")).map(this::breaker).orElse(Breaker.DEFAULT);
        return yaml.valid(
                bits == null ? node : bits,
                () -> new Hygiene(
                        bits == null ? Hygiene.DEFAULT.quarantineBits() : yaml.number(bits, "quarantine-bits"),
                        policy,
                        breaker));
    }

    private Breaker breaker(Node node) {
        Map<String, Node> m = yaml.mapping(node, "breaker", Set.of("share", "action"));
        Node share = m.get("share");
        Node action = m.get("action");
        Breaker.Action then = action == null ? Breaker.DEFAULT.action() : breakerAction(action);
        return yaml.valid(
                share == null ? node : share,
                () -> new Breaker(share == null ? Breaker.DEFAULT.share() : yaml.number(share, "share"), then));
    }

    private Breaker.Action breakerAction(Node node) {
        String label = yaml.text(node, "action");
        return Breaker.Action.of(label)
                .orElseThrow(() -> yaml.error(node, "unknown breaker action '" + label + "'; write alarm or stop"));
    }

    private OnRegimeChange onRegimeChange(Node node) {
        String label = yaml.text(node, "on-regime-change");
        return OnRegimeChange.of(label)
                .orElseThrow(() -> yaml.error(node, "unknown on-regime-change '" + label + "'; write adapt or hold"));
    }

    private Training training(Node node) {
        Map<String, Node> m = yaml.mapping(
                node, "training", Set.of("window", "every-rows", "every-minutes", "window-rows", "min-rows", "budget"));
        Training d = Training.DEFAULT;
        Node window = m.get("window");
        Node budget = m.get("budget");
        WindowKind kind = window == null ? d.window() : windowKind(window);
        return yaml.valid(
                node,
                () -> new Training(
                        kind,
                        whole(m.get("every-rows"), "every-rows", d.everyRows()),
                        whole(m.get("every-minutes"), "every-minutes", d.everyMinutes()),
                        whole(m.get("window-rows"), "window-rows", d.windowRows()),
                        whole(m.get("min-rows"), "min-rows", d.minRows()),
                        budget == null ? d.budget() : yaml.number(budget, "budget")));
    }

    private WindowKind windowKind(Node node) {
        String label = yaml.text(node, "window");
        return WindowKind.of(label)
                .orElseThrow(
                        () -> yaml.error(node, "unknown window '" + label + "'; write sliding, growing or decayed"));
    }

    private FeatureType type(Node node) {
        String label = yaml.text(node, "type");
        return FeatureType.of(label)
                .orElseThrow(() ->
                        yaml.error(node, "unknown type '" + label + "'; write number, category, boolean or time"));
    }

    private Node require(Map<String, Node> mapping, String key, Node parent) {
        return yaml.require(mapping, key, parent, "…");
    }

    private int whole(@Nullable Node node, String what, int otherwise) {
        return node == null ? otherwise : yaml.whole(node, what);
    }
}
