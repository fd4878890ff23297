package io.winnow.app.command;

import picocli.CommandLine.Option;

/** {@code --take-over}. */
final class TakeOverOption {
    @Option(
            names = "--take-over",
            description = "End jobs of these streams that run elsewhere, and go on from where they were.")
    private boolean wanted;

    boolean isWanted() {
        return wanted;
    }
}
