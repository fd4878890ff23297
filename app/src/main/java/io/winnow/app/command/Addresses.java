package io.winnow.app.command;

import io.winnow.app.home.DataDirectory;
import io.winnow.app.system.Platform;
import io.winnow.app.terminal.Terminal;

/** Tells a person what listens where. */
final class Addresses {
    private Addresses() {}

    static void print(Terminal terminal, Platform platform, DataDirectory directory) {
        platform.addresses().entrySet().stream()
                .sorted(java.util.Map.Entry.comparingByKey())
                .forEach(e -> terminal.line("  %-22s %s", e.getKey(), e.getValue()));
        terminal.line("  %-22s %s", "token of every POST", directory.tokenFile());
        terminal.line("  %-22s %s", "logs", directory.logs());
        terminal.line("running; stop with Ctrl-C or 'winnow stop --data %s'", directory.root());
    }
}
