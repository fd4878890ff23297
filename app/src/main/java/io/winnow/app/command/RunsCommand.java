package io.winnow.app.command;

import io.winnow.app.Failure;
import io.winnow.trainer.runs.MlflowExport;
import io.winnow.trainer.runs.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code winnow runs}. */
@Command(
        name = "runs",
        description = "The records of trainings.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = RunsCommand.Export.class)
public final class RunsCommand implements Runnable {
    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @Override
    public void run() {
        spec.commandLine().usage(System.out);
    }

    /** {@code winnow runs export}. */
    @Command(
            name = "export",
            description = "Write runs for another tool; exporting again writes the same files.",
            mixinStandardHelpOptions = true)
    static final class Export implements Callable<Integer> {
        @Option(
                names = "--mlflow",
                required = true,
                paramLabel = "DIR",
                description = "As MLflow's file store: what 'mlflow ui --backend-store-uri DIR' shows.")
        private Path mlflow;

        @Option(
                names = "--runs",
                paramLabel = "DIR",
                description = "One run, or a directory of runs (default: DATA/runs).")
        private @Nullable Path runs;

        @Mixin
        private DataOption data;

        @Override
        public Integer call() throws IOException {
            Path from = runs == null ? data.directory().resolve("runs") : runs;
            if (!Files.isDirectory(from)) {
                throw new Failure(from + ": there is no such directory; --runs says where runs were recorded");
            }
            List<Path> found = Run.below(from);
            MlflowExport export = new MlflowExport(mlflow);
            for (Path run : found) {
                export.write(Run.read(run));
            }
            System.out.printf("%,d runs of %s are in %s%n", found.size(), from, mlflow);
            return 0;
        }
    }
}
