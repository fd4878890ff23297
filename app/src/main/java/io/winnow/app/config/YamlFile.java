package io.winnow.app.config;

import io.winnow.core.contract.ContractException;
import io.winnow.core.contract.YamlText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads YAML node by node, so that every error names its file and line. */
final class YamlFile {
    private final String file;

    YamlFile(String file) {
        this.file = file;
    }

    Node parse(String yaml) {
        return YamlText.compose(yaml, file, "streams: [CONTRACT]");
    }

    /** The entries of a mapping; any key is taken where {@code known} is empty. */
    Map<String, Node> mapping(Node node, String what, Set<String> known) {
        if (!(node instanceof MappingNode mapping)) {
            throw error(node, what + " must be a mapping: 'key: value' pairs");
        }
        Map<String, Node> entries = new LinkedHashMap<>();
        for (NodeTuple tuple : mapping.getValue()) {
            String key = text(tuple.getKeyNode(), "a key");
            if (!known.isEmpty() && !known.contains(key)) {
                throw error(
                        tuple.getKeyNode(),
                        "unknown key '" + key + "' in " + what + "; known: "
                                + String.join(", ", known.stream().sorted().toList()));
            }
            if (entries.put(key, tuple.getValueNode()) != null) {
                throw error(tuple.getKeyNode(), "key '" + key + "' is there twice in " + what + "; remove one");
            }
        }
        return entries;
    }

    List<Node> list(Node node, String what) {
        if (node instanceof SequenceNode sequence) {
            return sequence.getValue();
        }
        throw error(node, what + " must be a list: [a, b]");
    }

    String text(Node node, String what) {
        if (node instanceof ScalarNode scalar && !scalar.getValue().isBlank()) {
            return scalar.getValue();
        }
        throw error(node, what + " must be a plain value");
    }

    int whole(Node node, String what) {
        try {
            return Integer.parseInt(text(node, what));
        } catch (NumberFormatException e) {
            throw error(node, what + " must be a whole number");
        }
    }

    boolean bool(Node node, String what) {
        String s = text(node, what);
        if (s.equals("true") || s.equals("false")) {
            return s.equals("true");
        }
        throw error(node, what + " must be true or false");
    }

    <T> T valid(Node where, Supplier<T> make) {
        try {
            return make.get();
        } catch (IllegalArgumentException e) {
            throw error(where, String.valueOf(e.getMessage()));
        }
    }

    ContractException error(Node node, String message) {
        int line = node.getStartMark().map(Mark::getLine).orElse(0) + 1;
        return new ContractException(file + ":" + line + ": " + message);
    }
}
