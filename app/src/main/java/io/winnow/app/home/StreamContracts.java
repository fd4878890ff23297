package io.winnow.app.home;

import io.winnow.app.Failure;
import io.winnow.core.contract.Contract;
import io.winnow.core.contract.ContractReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The contracts that a data directory last ran with: {@code contracts/STREAM.yaml}. */
public final class StreamContracts {
    private static final String SUFFIX = ".yaml";

    private StreamContracts() {}

    /** Keeps a contract for other commands. */
    public static void keep(Path root, String stream, String yaml) {
        try {
            Files.createDirectories(root.resolve("contracts"));
            Files.writeString(file(root, stream), yaml);
        } catch (IOException e) {
            throw new Failure(root + " cannot be written (" + e.getMessage() + ")", e);
        }
    }

    /** The contract of a stream, if one was kept. */
    public static Optional<Contract> find(Path root, String stream) {
        Path file = file(root, stream);
        return Files.isReadable(file) ? Optional.of(ContractReader.read(file)) : Optional.empty();
    }

    /** Streams whose contracts were kept, by name. */
    public static List<String> names(Path root) {
        try (Stream<Path> files = Files.list(root.resolve("contracts"))) {
            return files.map(f -> f.getFileName().toString())
                    .filter(name -> name.endsWith(SUFFIX))
                    .map(name -> name.substring(0, name.length() - SUFFIX.length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static Path file(Path root, String stream) {
        return root.resolve("contracts").resolve(stream + SUFFIX);
    }
}
