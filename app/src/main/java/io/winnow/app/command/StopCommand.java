package io.winnow.app.command;

import io.winnow.app.Failure;
import io.winnow.app.home.RunningState;
import io.winnow.app.terminal.Terminal;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code winnow stop}. */
@Command(
        name = "stop",
        description = "Stop what runs on a data directory, in order: nothing is lost, the next start goes on.",
        mixinStandardHelpOptions = true)
public final class StopCommand implements Callable<Integer> {
    private static final long ORDERLY_S = 120;

    @Mixin
    private DataOption data;

    @Override
    public Integer call() throws InterruptedException, ExecutionException {
        Optional<ProcessHandle> process = RunningState.read(data.directory()).flatMap(RunningState::process);
        if (process.isEmpty()) {
            Terminal.standard().line("nothing runs on %s", data.directory());
            return 0;
        }
        process.get().destroy();
        try {
            process.get().onExit().get(ORDERLY_S, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new Failure("process " + process.get().pid() + " has not stopped after " + ORDERLY_S + " s", e);
        }
        Terminal.standard().line("stopped");
        return 0;
    }
}
