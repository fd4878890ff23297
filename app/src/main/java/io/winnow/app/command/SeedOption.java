package io.winnow.app.command;

import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --seed}. */
final class SeedOption {
    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Seed of everything random (default: drawn, and printed).")
    private @Nullable Long seed;

    /** The seed that was asked for, else a fresh one. */
    long seed() {
        if (seed == null) {
            seed = (long) new SecureRandom().nextInt(Integer.MAX_VALUE);
        }
        return seed;
    }
}
