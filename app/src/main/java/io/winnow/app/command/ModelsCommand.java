package io.winnow.app.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code winnow models}. */
@Command(
        name = "models",
        description = "Published models: list, compare, choose the champion, train one again.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            ModelsListCommand.class,
            ModelsShowCommand.class,
            ModelsAtCommand.class,
            ModelsChange.Promote.class,
            ModelsChange.RollBack.class,
            ModelsChange.Pin.class,
            ModelsChange.Unpin.class,
            ModelsChange.Retire.class,
            ModelsReproduceCommand.class
        })
public final class ModelsCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "models needs a command, like 'models list'");
    }
}
