package io.winnow.app;

import io.winnow.app.command.AuditCommand;
import io.winnow.app.command.BacktestCommand;
import io.winnow.app.command.BenchCommand;
import io.winnow.app.command.ClusterCommand;
import io.winnow.app.command.DemoCommand;
import io.winnow.app.command.ExplainCommand;
import io.winnow.app.command.GoAheadCommand;
import io.winnow.app.command.InferCommand;
import io.winnow.app.command.IngestCommand;
import io.winnow.app.command.LedgerCommand;
import io.winnow.app.command.ModelsCommand;
import io.winnow.app.command.ReplayCommand;
import io.winnow.app.command.ReproductionCommand;
import io.winnow.app.command.ResetCommand;
import io.winnow.app.command.RoleCommand;
import io.winnow.app.command.RunCommand;
import io.winnow.app.command.RunsCommand;
import io.winnow.app.command.StatusCommand;
import io.winnow.app.command.StopCommand;
import io.winnow.app.command.TrainerCommand;
import io.winnow.app.command.TuneCommand;
import io.winnow.core.contract.ContractException;
import io.winnow.hygiene.HygieneStartException;
import io.winnow.ingest.IngestException;
import io.winnow.ingest.http.GatewayStartException;
import io.winnow.monitoring.desk.DeskStartException;
import io.winnow.monitoring.ledger.live.LedgerStartException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import org.apache.kafka.common.KafkaException;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

/** The {@code winnow} command. Every failure is one line on standard error and a non-zero exit. */
@Command(
        name = "winnow",
        description = "Keeps a data stream clean and a model fresh.",
        version = "winnow 0.1.0",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            DemoCommand.class,
            ExplainCommand.class,
            RunCommand.class,
            IngestCommand.class,
            InferCommand.class,
            BacktestCommand.class,
            TuneCommand.class,
            RunsCommand.class,
            BenchCommand.class,
            AuditCommand.class,
            GoAheadCommand.class,
            LedgerCommand.class,
            ReplayCommand.class,
            ModelsCommand.class,
            StatusCommand.class,
            StopCommand.class,
            ResetCommand.class,
            ClusterCommand.class,
            TrainerCommand.class,
            RoleCommand.class,
            ReproductionCommand.class
        })
public final class Winnow implements Runnable {
    @Option(names = "--stacktrace", scope = ScopeType.INHERIT, description = "Show the stack trace of a failure.")
    private boolean stacktrace;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    /** Runs the command and ends the process with its exit code. */
    public static void main(String[] args) {
        System.exit(run(args));
    }

    /** Runs the command; its exit code. */
    public static int run(String... args) {
        Winnow winnow = new Winnow();
        CommandLine line = new CommandLine(winnow);
        line.setExecutionExceptionHandler((e, command, result) -> winnow.report(e, command));
        line.setParameterExceptionHandler((e, rest) -> {
            e.getCommandLine().getErr().println("winnow: " + usageError(e));
            e.getCommandLine()
                    .getErr()
                    .println("Try '" + e.getCommandLine().getCommandSpec().qualifiedName() + " --help'.");
            return CommandLine.ExitCode.USAGE;
        });
        return line.execute(args);
    }

    @Override
    public void run() {
        spec.commandLine().usage(System.out);
    }

    private static String usageError(ParameterException e) {
        if (e instanceof UnmatchedArgumentException unmatched
                && e.getCommandLine().getParent() == null
                && !unmatched.isUnknownOption()) {
            return "there is no command '" + unmatched.getUnmatched().get(0) + "'";
        }
        return String.valueOf(e.getMessage());
    }

    private static String text(Exception e) {
        // The message of these is the file's name alone.
        if (e instanceof NoSuchFileException) {
            return e.getMessage() + ": there is no such file";
        }
        if (e instanceof AccessDeniedException) {
            return e.getMessage() + ": may not be read or written; mend its permissions";
        }
        String message = e.getMessage();
        return message == null
                ? e.getClass().getSimpleName()
                : message.lines().findFirst().orElse("");
    }

    private int report(Exception e, CommandLine command) {
        boolean expected = e instanceof Failure
                || e instanceof ContractException
                || e instanceof HygieneStartException
                || e instanceof IngestException
                || e instanceof GatewayStartException
                || e instanceof DeskStartException
                || e instanceof LedgerStartException
                || e instanceof IllegalArgumentException
                || e instanceof IOException
                || e instanceof UncheckedIOException
                || e instanceof KafkaException;
        String text = text(e instanceof UncheckedIOException && e.getCause() instanceof IOException cause ? cause : e);
        command.getErr()
                .println("winnow: "
                        + (expected
                                ? text
                                : "unexpected " + e.getClass().getSimpleName() + ": " + text
                                        + " (--stacktrace shows more)"));
        if (stacktrace) {
            e.printStackTrace(command.getErr());
        }
        LoggerFactory.getLogger(Winnow.class).info("the command failed", e);
        return CommandLine.ExitCode.SOFTWARE;
    }
}
