package io.winnow.app.command;

import io.winnow.app.home.RunningState;
import io.winnow.app.terminal.Terminal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code winnow status}. */
@Command(name = "status", description = "Show what runs on a data directory.", mixinStandardHelpOptions = true)
public final class StatusCommand implements Callable<Integer> {
    @Mixin
    private DataOption data;

    @Override
    public Integer call() {
        Terminal terminal = Terminal.standard();
        Optional<RunningState> state =
                RunningState.read(data.directory()).filter(s -> s.process().isPresent());
        if (state.isEmpty()) {
            terminal.line("nothing runs on %s", data.directory());
            return 1;
        }
        terminal.line(
                "process %d, streams %s",
                state.get().pid(), String.join(", ", state.get().streams()));
        state.get().addresses().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(e -> terminal.line("  %-22s %s", e.getKey(), e.getValue()));
        List<String> streams = state.get().streams();
        for (int i = 0; i < streams.size(); i++) {
            String desk = state.get().addresses().get(i == 0 ? "review desk" : "review desk " + streams.get(i));
            if (desk != null) {
                terminal.line("  %-22s %s", "stream " + streams.get(i), StreamRegime.ask(desk));
            }
        }
        return 0;
    }
}
