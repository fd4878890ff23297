package io.winnow.fuzz;

import io.winnow.ingest.http.GatewayBodyTarget;
import io.winnow.trainer.store.ManifestTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** All fuzz targets, and the inputs that are kept for each. */
final class Targets {
    static final List<Class<?>> ALL = List.of(
            RecordTarget.class,
            ContractTarget.class,
            HeadersTarget.class,
            ProfileTarget.class,
            EventTarget.class,
            ManifestTarget.class,
            GatewayBodyTarget.class);

    private static final Path CORPUS = Path.of("src", "test", "fuzz");

    private Targets() {}

    static Path corpus(Class<?> target) {
        return CORPUS.resolve(target.getSimpleName());
    }

    static List<Path> inputs(Class<?> target) throws IOException {
        try (Stream<Path> files = Files.list(corpus(target))) {
            return files.sorted().toList();
        }
    }

    static void run(Class<?> target, byte[] input) throws Throwable {
        try {
            target.getMethod("fuzzerTestOneInput", byte[].class).invoke(null, (Object) input);
        } catch (java.lang.reflect.InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
