package io.winnow.core.contract;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads a contract from YAML. Every error names the file, the line and what to write instead. */
public final class ContractReader {
    private final String file;

    private ContractReader(String file) {
        this.file = file;
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
        return new ContractReader(file).contract(yaml);
    }

    private Contract contract(String yaml) {
        Node root = YamlText.compose(yaml, file, "stream: NAME");
        Map<String, Node> top = mapping(
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
        String stream = text(require(top, "stream", root), "stream");
        Optional<String> key = Optional.ofNullable(top.get("key")).map(n -> text(n, "key"));
        boolean contextPerKey = top.containsKey("context") && context(require(top, "context", root), key);
        Optional<TimeField> time = Optional.ofNullable(top.get("time")).map(this::time);
        List<Feature> features = new ArrayList<>();
        Set<String> seen = new java.util.HashSet<>();
        Node list = require(top, "features", root);
        if (!(list instanceof SequenceNode sequence)) {
            throw error(list, "features must be a list: '- {name: demand, type: number}'");
        }
        for (Node node : sequence.getValue()) {
            Feature feature = feature(node);
            if (!seen.add(feature.name())) {
                throw error(node, "feature '" + feature.name() + "' is there twice; remove one");
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
        return valid(
                root,
                () -> new Contract(
                        stream, key, contextPerKey, time, features, target, labels, derive, hygiene, training));
    }

    private boolean context(Node node, Optional<String> key) {
        Map<String, Node> m = mapping(node, "context", Set.of("per"));
        Node per = require(m, "per", node);
        if (!text(per, "per").equals("key")) {
            throw error(per, "per must be key: a row is compared with the last rows of its key");
        }
        if (key.isEmpty()) {
            throw error(
                    node,
                    "context per key needs a key; add 'key: FIELD', the field that says whose row it is, or leave"
                            + " 'context' out");
        }
        return true;
    }

    private TimeField time(Node node) {
        Map<String, Node> m = mapping(node, "time", Set.of("field", "format"));
        String field = text(require(m, "field", node), "field");
        Node format = m.get("format");
        if (format == null) {
            return new TimeField(field, TimeField.Format.ISO_8601);
        }
        String label = text(format, "format");
        return new TimeField(
                field,
                TimeField.Format.of(label)
                        .orElseThrow(() -> error(
                                format,
                                "unknown time format '" + label + "'; write iso-8601, epoch-millis or epoch-seconds")));
    }

    private Feature feature(Node node) {
        Map<String, Node> m = mapping(node, "feature", Set.of("name", "type", "min", "max", "required"));
        String name = text(require(m, "name", node), "name");
        FeatureType type = type(require(m, "type", node));
        Node min = m.get("min");
        Node max = m.get("max");
        double low = min == null ? Double.NEGATIVE_INFINITY : number(min, "min");
        double high = max == null ? Double.POSITIVE_INFINITY : number(max, "max");
        Node required = m.get("required");
        return valid(node, () -> new Feature(name, type, low, high, required != null && bool(required, "required")));
    }

    private Target target(Node node) {
        Map<String, Node> m = mapping(node, "target", Set.of("name", "type"));
        String name = text(require(m, "name", node), "name");
        FeatureType type = type(require(m, "type", node));
        return valid(node, () -> new Target(name, type));
    }

    private Labels labels(Node node) {
        Node within = require(mapping(node, "labels", Set.of("within")), "within", node);
        return valid(within, () -> Labels.of(text(within, "within")));
    }

    private Derive derive(Node node) {
        Map<String, Node> m = mapping(node, "derive", Set.of("lags", "means"));
        Node lags = m.get("lags");
        Node means = m.get("means");
        return valid(node, () -> {
            Derive byLags = lags == null ? Derive.DEFAULT : Derive.of(wholes(lags, "lags"));
            return means == null ? byLags : new Derive(byLags.lags(), wholes(means, "means"));
        });
    }

    private List<Integer> wholes(Node node, String what) {
        if (!(node instanceof SequenceNode sequence)) {
            throw error(node, what + " must be a list of whole numbers, like [1, 2, 24]");
        }
        return sequence.getValue().stream().map(n -> whole(n, what, 0)).toList();
    }

    private Hygiene hygiene(Node node) {
        Map<String, Node> m = mapping(node, "hygiene", Set.of("quarantine-bits", "on-regime-change", "breaker"));
        Node bits = m.get("quarantine-bits");
        Node change = m.get("on-regime-change");
        OnRegimeChange policy = change == null ? Hygiene.DEFAULT.onRegimeChange() : onRegimeChange(change);
        Breaker breaker =
                Optional.ofNullable(m.get("breaker")).map(this::breaker).orElse(Breaker.DEFAULT);
        return valid(
                bits == null ? node : bits,
                () -> new Hygiene(
                        bits == null ? Hygiene.DEFAULT.quarantineBits() : number(bits, "quarantine-bits"),
                        policy,
                        breaker));
    }

    private Breaker breaker(Node node) {
        Map<String, Node> m = mapping(node, "breaker", Set.of("share", "action"));
        Node share = m.get("share");
        Node action = m.get("action");
        Breaker.Action then = action == null ? Breaker.DEFAULT.action() : breakerAction(action);
        return valid(
                share == null ? node : share,
                () -> new Breaker(share == null ? Breaker.DEFAULT.share() : number(share, "share"), then));
    }

    private Breaker.Action breakerAction(Node node) {
        String label = text(node, "action");
        return Breaker.Action.of(label)
                .orElseThrow(() -> error(node, "unknown breaker action '" + label + "'; write alarm or stop"));
    }

    private OnRegimeChange onRegimeChange(Node node) {
        String label = text(node, "on-regime-change");
        return OnRegimeChange.of(label)
                .orElseThrow(() -> error(node, "unknown on-regime-change '" + label + "'; write adapt or hold"));
    }

    private Training training(Node node) {
        Map<String, Node> m = mapping(
                node, "training", Set.of("window", "every-rows", "every-minutes", "window-rows", "min-rows", "budget"));
        Training d = Training.DEFAULT;
        Node window = m.get("window");
        Node budget = m.get("budget");
        WindowKind kind = window == null ? d.window() : windowKind(window);
        return valid(
                node,
                () -> new Training(
                        kind,
                        whole(m.get("every-rows"), "every-rows", d.everyRows()),
                        whole(m.get("every-minutes"), "every-minutes", d.everyMinutes()),
                        whole(m.get("window-rows"), "window-rows", d.windowRows()),
                        whole(m.get("min-rows"), "min-rows", d.minRows()),
                        budget == null ? d.budget() : number(budget, "budget")));
    }

    private WindowKind windowKind(Node node) {
        String label = text(node, "window");
        return WindowKind.of(label)
                .orElseThrow(() -> error(node, "unknown window '" + label + "'; write sliding, growing or decayed"));
    }

    private FeatureType type(Node node) {
        String label = text(node, "type");
        return FeatureType.of(label)
                .orElseThrow(
                        () -> error(node, "unknown type '" + label + "'; write number, category, boolean or time"));
    }

    private Map<String, Node> mapping(Node node, String what, Set<String> known) {
        if (!(node instanceof MappingNode mapping)) {
            throw error(node, what + " must be a mapping: 'key: value' pairs");
        }
        Map<String, Node> result = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            String key = text(tuple.getKeyNode(), "key");
            if (!known.contains(key)) {
                throw error(
                        tuple.getKeyNode(),
                        "unknown key '" + key + "' in " + what + "; known: "
                                + String.join(", ", known.stream().sorted().toList()));
            }
            if (result.put(key, tuple.getValueNode()) != null) {
                throw error(tuple.getKeyNode(), "key '" + key + "' is there twice in " + what + "; remove one");
            }
        }
        return result;
    }

    private Node require(Map<String, Node> map, String key, Node parent) {
        Node node = map.get(key);
        if (node == null) {
            throw error(parent, "'" + key + "' is missing; add '" + key + ": …'");
        }
        return node;
    }

    private String text(Node node, String what) {
        if (node instanceof ScalarNode scalar && !scalar.getValue().isBlank()) {
            return scalar.getValue();
        }
        throw error(node, what + " must be a plain value");
    }

    private double number(Node node, String what) {
        try {
            double d = Double.parseDouble(text(node, what));
            if (Double.isFinite(d)) {
                return d;
            }
        } catch (NumberFormatException e) {
            // reported below, with its place
        }
        throw error(node, what + " must be a finite number, like 0 or 12.5");
    }

    private int whole(@Nullable Node node, String what, int otherwise) {
        if (node == null) {
            return otherwise;
        }
        double d = number(node, what);
        if (d != Math.rint(d) || Math.abs(d) > Integer.MAX_VALUE) {
            throw error(node, what + " must be a whole number");
        }
        return (int) d;
    }

    private boolean bool(Node node, String what) {
        String s = text(node, what);
        if (s.equals("true") || s.equals("false")) {
            return s.equals("true");
        }
        throw error(node, what + " must be true or false");
    }

    private <T> T valid(Node where, Supplier<T> make) {
        try {
            return make.get();
        } catch (IllegalArgumentException e) {
            throw error(where, String.valueOf(e.getMessage()));
        }
    }

    private ContractException error(Node node, String message) {
        int line = node.getStartMark().map(Mark::getLine).orElse(0) + 1;
        return new ContractException(file + ":" + line + ": " + message.replaceAll("\\p{Cntrl}", "?"));
    }
}
