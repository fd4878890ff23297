package io.winnow.core.contract;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads YAML node by node, so that every error names its file and line. */
public final class YamlFile {
    private final String file;

    /** Reads what is called {@code file} in errors. */
    public YamlFile(String file) {
        this.file = file;
    }

    /**
     * Reads one document, without aliases of collections.
     *
     * @param start what a file begins with, for one that is empty
     * @throws ContractException if it is no valid YAML
     */
    public Node compose(String yaml, String start) {
        try {
            return new Compose(LoadSettings.builder()
                            .setLabel(file)
                            .setMaxAliasesForCollections(0)
                            // All at once: where a buffer ends between two halves of a character, the parser fails.
                            .setBufferSize(yaml.length() + 1)
                            .build())
                    .composeString(yaml)
                    .orElseThrow(() -> error(1, "the file is empty; start with '" + start + "'"));
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(m -> m.getLine() + 1).orElse(1);
            throw error(line, "not valid YAML: " + e.getProblem());
        } catch (YamlEngineException | IllegalArgumentException e) {
            // Of some tags that are none the parser says so in its own way.
            throw new ContractException(file + ": not valid YAML: " + oneLine(e.getMessage()));
        }
    }

    /**
     * The entries of a mapping.
     *
     * @param what what to call it in errors, as in all of these
     * @param known the keys that it may have; any key is taken where this is empty
     * @throws ContractException if it is none, or has an unknown key or one twice
     */
    public Map<String, Node> mapping(Node node, String what, Set<String> known) {
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

    /**
     * An entry that must be there.
     *
     * @param parent where the mapping is
     * @param example what to write as its value
     * @throws ContractException if it is not
     */
    public Node require(Map<String, Node> mapping, String key, Node parent, String example) {
        Node node = mapping.get(key);
        if (node == null) {
            throw error(parent, "'" + key + "' is missing; add '" + key + ": " + example + "'");
        }
        return node;
    }

    /**
     * The entries of a list.
     *
     * @param example what one looks like
     * @throws ContractException if it is none
     */
    public List<Node> list(Node node, String what, String example) {
        if (node instanceof SequenceNode sequence) {
            return sequence.getValue();
        }
        throw error(node, what + " must be a list: " + example);
    }

    /**
     * A value as it is written.
     *
     * @throws ContractException if it is a mapping or a list, or blank
     */
    public String text(Node node, String what) {
        if (node instanceof ScalarNode scalar && !scalar.getValue().isBlank()) {
            return scalar.getValue();
        }
        throw error(node, what + " must be a plain value");
    }

    /**
     * A finite number.
     *
     * @throws ContractException if it is none
     */
    public double number(Node node, String what) {
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

    /**
     * A whole number; 1e6 is one.
     *
     * @throws ContractException if it is none, or beyond 2³¹ − 1
     */
    public int whole(Node node, String what) {
        double d = number(node, what);
        if (d != Math.rint(d) || Math.abs(d) > Integer.MAX_VALUE) {
            throw error(node, what + " must be a whole number");
        }
        return (int) d;
    }

    /**
     * True or false.
     *
     * @throws ContractException if it is neither
     */
    public boolean bool(Node node, String what) {
        String s = text(node, what);
        if (s.equals("true") || s.equals("false")) {
            return s.equals("true");
        }
        throw error(node, what + " must be true or false");
    }

    /**
     * What {@code make} makes; what it refuses is an error at this place.
     *
     * @throws ContractException if it throws an IllegalArgumentException
     */
    public <T> T valid(Node where, Supplier<T> make) {
        try {
            return make.get();
        } catch (IllegalArgumentException e) {
            throw error(where, String.valueOf(e.getMessage()));
        }
    }

    /** An error that names the place. */
    public ContractException error(Node node, String message) {
        return error(node.getStartMark().map(Mark::getLine).orElse(0) + 1, message);
    }

    private ContractException error(int line, String message) {
        return new ContractException(file + ":" + line + ": " + oneLine(message));
    }

    /** What is quoted from the file may hold line ends and other control characters. */
    private static String oneLine(@Nullable String message) {
        return String.valueOf(message).replaceAll("\\s+", " ").replaceAll("\\p{Cntrl}", "?");
    }
}
