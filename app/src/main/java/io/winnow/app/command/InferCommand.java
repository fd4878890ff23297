package io.winnow.app.command;

import io.winnow.core.infer.ContractInference;
import io.winnow.core.infer.Draft;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code winnow infer}. */
@Command(
        name = "infer",
        description = "Draft a contract from a file (CSV or NDJSON, gzip or not).",
        mixinStandardHelpOptions = true)
public final class InferCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "The file to look at.")
    private Path file;

    @Option(names = "--target", paramLabel = "COL", description = "The column that a model is to predict.")
    private @Nullable String target;

    @Option(names = "--output", paramLabel = "FILE", description = "Write the contract there (default: print it).")
    private @Nullable Path output;

    @Override
    public Integer call() throws IOException {
        Draft draft = ContractInference.draft(file, Optional.ofNullable(target));
        if (output == null) {
            System.out.print(draft.yaml());
        } else {
            Files.writeString(output, draft.yaml());
        }
        System.err.printf(
                "%,d of %,d records looked at fit the draft%s%n",
                draft.fitting(), draft.sampled(), output == null ? "" : "; it is in " + output);
        return 0;
    }
}
