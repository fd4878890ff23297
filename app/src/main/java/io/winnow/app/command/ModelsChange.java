package io.winnow.app.command;

import io.winnow.app.Failure;
import io.winnow.app.command.ModelsOption.Models;
import io.winnow.app.terminal.Terminal;
import io.winnow.core.contract.Contract;
import io.winnow.core.model.ChampionHistory;
import io.winnow.core.model.Promotion;
import io.winnow.core.model.Promotion.Action;
import io.winnow.trainer.evaluation.Champion;
import io.winnow.trainer.store.CorruptModelException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands of {@code winnow models} that write an event. A trainer that runs follows it within a second. */
abstract class ModelsChange implements Callable<Integer> {
    @Option(
            names = "--by",
            paramLabel = "NAME",
            description = "Who decides (default: the user's name).",
            defaultValue = "${sys:user.name}")
    private String by;

    @Mixin
    private ModelsOption models;

    private final Action action;

    ModelsChange(Action action) {
        this.action = action;
    }

    /** The model that it is about. */
    abstract String target(Models models);

    /** Why, in the words of whoever decides. */
    abstract String why();

    @Override
    public Integer call() {
        return models.reach(this::change);
    }

    private int change(Models models) {
        String id = target(models);
        models.demand(id);
        if (action == Action.PROMOTE || action == Action.ROLL_BACK) {
            demandUsable(models, id);
        }
        Promotion event = new Promotion(
                models.stream(),
                action,
                id,
                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                by,
                why());
        Optional<String> refusal = written(models, event);
        if (refusal.isPresent()) {
            throw new Failure(refusal.get());
        }
        ChampionHistory now = models.registry().roster().history();
        Terminal.standard()
                .line(
                        "%s",
                        now.champion()
                                .map(c -> c + " is the champion" + (now.pinned() ? ", pinned" : ""))
                                .orElse("stream " + models.stream() + " has no champion now"));
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("event", event);
        fields.put("champion", now.champion().orElse(null));
        fields.put("pinned", now.pinned());
        this.models.write(fields);
        return 0;
    }

    /** What users will open must be there, whole, and made for the stream as it is. */
    private static void demandUsable(Models models, String id) {
        Champion found;
        try {
            found = models.store().load(id);
        } catch (CorruptModelException e) {
            throw new Failure(
                    "model " + id + " cannot be champion: " + e.getMessage() + " ("
                            + models.store().file(id).getParent() + "); choose another",
                    e);
        }
        Optional<Contract> contract = models.contract();
        if (contract.isPresent() && !contract.get().hash().equals(found.card().contractHash())) {
            throw new Failure("model " + id + " cannot be champion: it was trained under another contract than stream "
                    + models.stream() + " has now; choose another");
        }
    }

    private static Optional<String> written(Models models, Promotion event) {
        try {
            return models.registry().record(event);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure("interrupted; 'winnow models list' says whether the event was written", e);
        }
    }

    private static String champion(Models models) {
        return models.roster()
                .history()
                .champion()
                .orElseThrow(() -> new Failure("stream " + models.stream() + " has no champion"));
    }

    /** {@code winnow models promote}. */
    @Command(name = "promote", description = "Make a model the champion.", mixinStandardHelpOptions = true)
    static final class Promote extends ModelsChange {
        @Parameters(paramLabel = "ID", description = "The model.")
        private String id;

        @Option(names = "--why", required = true, paramLabel = "TEXT", description = "Why, for those who ask later.")
        private String why;

        Promote() {
            super(Action.PROMOTE);
        }

        @Override
        String target(Models models) {
            return id;
        }

        @Override
        String why() {
            return why;
        }
    }

    /** {@code winnow models rollback}. */
    @Command(
            name = "rollback",
            description = "Make an earlier champion the champion again.",
            mixinStandardHelpOptions = true)
    static final class RollBack extends ModelsChange {
        @Option(
                names = "--to",
                paramLabel = "ID",
                description = "The earlier champion (default: the last before this).")
        private @Nullable String to;

        @Option(names = "--why", required = true, paramLabel = "TEXT", description = "Why, for those who ask later.")
        private String why;

        RollBack() {
            super(Action.ROLL_BACK);
        }

        @Override
        String target(Models models) {
            if (to != null) {
                return to;
            }
            return models.roster()
                    .history()
                    .previous()
                    .orElseThrow(() -> new Failure("stream " + models.stream()
                            + " has no earlier champion to go back to; 'winnow models promote ID' chooses any model"));
        }

        @Override
        String why() {
            return why;
        }
    }

    /** {@code winnow models pin}. */
    @Command(
            name = "pin",
            description = "Keep the champion whatever is better; nothing is trained until it is unpinned.",
            mixinStandardHelpOptions = true)
    static final class Pin extends ModelsChange {
        @Option(names = "--why", paramLabel = "TEXT", description = "Why (optional).", defaultValue = "")
        private String why;

        Pin() {
            super(Action.PIN);
        }

        @Override
        String target(Models models) {
            return champion(models);
        }

        @Override
        String why() {
            return why;
        }
    }

    /** {@code winnow models unpin}. */
    @Command(name = "unpin", description = "Let the champion be replaced again.", mixinStandardHelpOptions = true)
    static final class Unpin extends ModelsChange {
        @Option(names = "--why", paramLabel = "TEXT", description = "Why (optional).", defaultValue = "")
        private String why;

        Unpin() {
            super(Action.UNPIN);
        }

        @Override
        String target(Models models) {
            return champion(models);
        }

        @Override
        String why() {
            return why;
        }
    }

    /** {@code winnow models retire}. */
    @Command(
            name = "retire",
            description = {
                "Let a model never be champion again.",
                "If it is champion, the one before it takes its place, or nobody."
            },
            mixinStandardHelpOptions = true)
    static final class Retire extends ModelsChange {
        @Parameters(paramLabel = "ID", description = "The model.")
        private String id;

        @Option(names = "--why", required = true, paramLabel = "TEXT", description = "Why, for those who ask later.")
        private String why;

        Retire() {
            super(Action.RETIRE);
        }

        @Override
        String target(Models models) {
            return id;
        }

        @Override
        String why() {
            return why;
        }
    }
}
