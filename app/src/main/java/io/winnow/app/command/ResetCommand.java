package io.winnow.app.command;

import io.winnow.app.Failure;
import io.winnow.app.cluster.ClusterControl;
import io.winnow.app.home.DataDirectory;
import io.winnow.app.terminal.Terminal;
import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code winnow reset}. */
@Command(
        name = "reset",
        description = "Delete everything in a data directory: records, models, decisions. Asks first.",
        mixinStandardHelpOptions = true)
public final class ResetCommand implements Callable<Integer> {
    /** What Winnow makes in a data directory; nothing else is deleted. */
    private static final List<String> OURS = List.of(
            "kafka",
            "brokers",
            "cluster",
            "checkpoints",
            "models",
            "desk",
            "ledger",
            "logs",
            "contracts",
            "djl-cache",
            "too-large",
            "token",
            "running.json");

    @Option(names = "--yes", description = "Do not ask.")
    private boolean yes;

    @Mixin
    private DataOption data;

    @Override
    public Integer call() throws IOException {
        Path root = data.directory();
        if (!Files.isDirectory(root)) {
            Terminal.standard().line("%s is not there", root);
            return 0;
        }
        ClusterControl.refuseProcesses(root);
        try (DataDirectory directory = DataDirectory.open(root)) {
            if (!yes && !confirmed(directory.root())) {
                Terminal.standard().line("nothing was deleted");
                return 1;
            }
            for (String name : OURS) {
                delete(directory.root().resolve(name));
            }
        }
        Terminal.standard().line("%s starts over", root);
        return 0;
    }

    private static boolean confirmed(Path root) {
        Console console = System.console();
        if (console == null) {
            throw new Failure("reset asks before it deletes " + root + ", and there is no terminal; say --yes");
        }
        return "yes".equals(console.readLine("Delete all records, models and decisions in %s? Type yes: ", root));
    }

    private static void delete(Path path) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
