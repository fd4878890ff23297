package io.winnow.app.command;

import io.winnow.app.home.DataDirectory;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --data}. */
final class DataOption {
    @Option(names = "--data", paramLabel = "DIR", description = "Where everything is kept (default: ~/.winnow).")
    private @Nullable Path directory;

    /** The directory: the option's, else the configuration's, else the standard one. */
    Path directory(Optional<Path> configured) {
        return directory != null ? directory : configured.orElseGet(DataDirectory::standard);
    }

    Path directory() {
        return directory(Optional.empty());
    }
}
