package io.winnow.core.contract;

import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;

/** YAML as a tree whose nodes know their lines. */
public final class YamlText {
    private YamlText() {}

    /**
     * Reads one document, without aliases of collections.
     *
     * @param file what to call it in errors
     * @param start what a file begins with, for one that is empty
     * @throws ContractException if it is no valid YAML
     */
    public static Node compose(String yaml, String file, String start) {
        try {
            return new Compose(LoadSettings.builder()
                            .setLabel(file)
                            .setMaxAliasesForCollections(0)
                            .build())
                    .composeString(yaml)
                    .orElseThrow(
                            () -> new ContractException(file + ":1: the file is empty; start with '" + start + "'"));
        } catch (MarkedYamlEngineException e) {
            int line = e.getProblemMark().map(m -> m.getLine() + 1).orElse(1);
            throw new ContractException(file + ":" + line + ": not valid YAML: " + oneLine(e.getProblem()));
        } catch (YamlEngineException | IllegalArgumentException e) {
            // Of some tags that are none the parser says so in its own way.
            throw new ContractException(file + ": not valid YAML: " + oneLine(e.getMessage()));
        }
    }

    /** The parser quotes the character it stumbled over, which may be a line's end. */
    private static String oneLine(@Nullable String message) {
        return String.valueOf(message).replaceAll("\\s+", " ").replaceAll("\\p{Cntrl}", "?");
    }
}
