package io.winnow.app.command;

import io.winnow.app.command.ModelsOption.Models;
import io.winnow.app.system.ReproductionProcess;
import io.winnow.app.terminal.Terminal;
import io.winnow.core.model.ModelCard;
import io.winnow.trainer.Reproduction;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code winnow models reproduce}. */
@Command(
        name = "reproduce",
        description = {
            "Train a model again from its manifest and compare the bytes.",
            "Exits 1 if they are not the same, and says what differs."
        },
        mixinStandardHelpOptions = true)
final class ModelsReproduceCommand implements Callable<Integer> {
    @Parameters(paramLabel = "ID", description = "The model.")
    private String id;

    @Option(
            names = "--memory-mib",
            paramLabel = "N",
            description = "Heap of the process that trains (default: ${DEFAULT-VALUE}).",
            defaultValue = "1024")
    private int memoryMiB;

    @Mixin
    private ModelsOption models;

    @Override
    public Integer call() {
        return models.reach(this::reproduce);
    }

    private int reproduce(Models models) {
        models.demand(id);
        Terminal terminal = Terminal.standard();
        ModelCard card = Objects.requireNonNull(models.roster().cards().get(id));
        terminal.progress("training again on " + card.rows() + " rows");
        Reproduction.Result result = ReproductionProcess.run(
                new ReproductionProcess.Order(
                        this.models.directory().toString(),
                        models.stream(),
                        id,
                        models.kafka(),
                        this.models.directory().resolveSibling("djl-cache").toString()),
                memoryMiB);
        terminal.line(
                result.equal()
                        ? terminal.green("the same, byte for byte: model.pt is " + result.expected())
                        : terminal.red("not the same"));
        result.reasons().forEach(reason -> terminal.line("  %s", reason));
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("model", id);
        fields.put("equal", result.equal());
        fields.put("sha256", result.expected());
        fields.put("sha256Again", result.sha256());
        fields.put("metric", card.metric());
        fields.put("value", card.value());
        fields.put("valueAgain", result.value());
        fields.put("reasons", result.reasons());
        this.models.write(fields);
        return result.equal() ? 0 : 1;
    }
}
