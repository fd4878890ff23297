package io.winnow.app.command;

import io.winnow.app.Failure;
import io.winnow.app.backtest.RetrainingResult;
import io.winnow.app.home.Logs;
import io.winnow.app.terminal.Terminal;
import io.winnow.app.tune.FileWindow;
import io.winnow.app.tune.FileWindow.Task;
import io.winnow.core.backtest.DetectionBacktest;
import io.winnow.core.backtest.DetectionResult;
import io.winnow.core.backtest.Taught;
import io.winnow.core.contract.Contract;
import io.winnow.core.contract.ContractReader;
import io.winnow.trainer.learn.Devices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code winnow backtest}: of detection with {@code --label}, of retraining with {@code --target}. */
@Command(
        name = "backtest",
        description = {
            "Run over history without Kafka: one pass, each row judged, then learned.",
            "With --label: how well the detector finds the anomalies; it is never shown the label.",
            "With --target: how well the retrained model predicts, each row before it is learned.",
            "Figures are over rows after the first 1,000."
        },
        mixinStandardHelpOptions = true)
public final class BacktestCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", arity = "1..*", description = "CSV or NDJSON, gzip or not.")
    private List<Path> files;

    @Option(
            names = "--label",
            paramLabel = "COL",
            description = "The column that marks anomalies (anything but 0, false, empty or 'normal').")
    private @Nullable String label;

    @Option(names = "--target", paramLabel = "COL", description = "The column to predict.")
    private @Nullable String target;

    @Option(names = "--task", paramLabel = "TASK", description = "With --target: regression or classification.")
    private @Nullable String task;

    @Option(
            names = "--corrupt",
            paramLabel = "SHARE",
            defaultValue = "0",
            description = {
                "With --target: put the demo's faults into this share of the rows, and tell what hygiene is worth:",
                "the median of five seeds, each without hygiene, with it, and with the truth known."
            })
    private double corrupt;

    @Mixin
    private SeedOption seed;

    @Mixin
    private DataOption data;

    @Option(
            names = "--contract",
            paramLabel = "FILE",
            description = "How to read the files, with the label as target (default: drafted from each file).")
    private @Nullable Path contract;

    @Option(
            names = "--decisions",
            paramLabel = "N",
            defaultValue = "0",
            description = {
                "Decide the N most surprising rows as the label says, and run over the file once more",
                "with what that taught (default: ${DEFAULT-VALUE})."
            })
    private int decisions;

    @Option(names = "--report", paramLabel = "FILE", description = "Write the figures as JSON.")
    private @Nullable Path report;

    @Override
    public Integer call() throws IOException {
        if (decisions < 0) {
            throw new Failure("--decisions must be 0 or more, not " + decisions);
        }
        Terminal terminal = Terminal.standard();
        if (target != null && label == null) {
            return retraining(terminal, target);
        }
        if (label == null || target != null || task != null || corrupt != 0) {
            throw new Failure("give either --label COL, or --target COL with --task regression or classification");
        }
        return detection(terminal, label);
    }

    private int retraining(Terminal terminal, String predicted) throws IOException {
        if (task == null) {
            throw new Failure("--target needs --task regression or --task classification");
        }
        if (!(corrupt >= 0 && corrupt < 0.5)) {
            throw new Failure("--corrupt must be at least 0 and below 0.5, not " + corrupt);
        }
        Task goal = Task.of(task);
        Path home = data.directory().toAbsolutePath().normalize();
        Files.createDirectories(home);
        Logs.toFile(home.resolve("logs"), "backtest");
        Path cache = home.resolve("djl-cache");
        Devices.prepare(cache);
        Path scratch = Files.createDirectories(cache.resolve("scratch"));
        List<Map<String, Object>> results = new ArrayList<>();
        terminal.line(
                "%-28s %9s %9s %9s %9s %9s %9s %7s",
                "file", "rows", "champion", "no change", "linear", "forest", "static", "models");
        for (Path file : files) {
            Contract agreed = FileWindow.contract(file, predicted, goal, contract);
            RetrainingResult r = RetrainingResult.of(
                    file,
                    agreed,
                    corrupt,
                    scratch,
                    seed.seed(),
                    text -> terminal.progress(file.getFileName() + ": " + text));
            terminal.line(
                    "%-28s %,9d %9s %9s %9s %9s %9s %7d",
                    file.getFileName(),
                    r.rows(),
                    number(r.champion()),
                    number(r.noChange()),
                    number(r.linear()),
                    number(r.forest()),
                    number(r.first()),
                    r.published());
            if (corrupt > 0) {
                terminal.line(
                        "%-28s without hygiene %s, with the truth known %s, recovery %s",
                        "", number(r.withoutHygiene()), number(r.oracle()), number(r.recovery()));
            }
            results.add(fields(r));
        }
        Json.write(report, Map.of("files", results, "seed", seed.seed()));
        return 0;
    }

    private static String number(@Nullable Double value) {
        return value == null || value.isNaN() ? "-" : String.format(Locale.ROOT, "%.4f", value);
    }

    private static Map<String, Object> fields(RetrainingResult r) {
        Map<String, @Nullable Object> baselines = new LinkedHashMap<>();
        baselines.put("noChange", Json.finite(r.noChange()));
        baselines.put("linear", Json.finite(r.linear()));
        baselines.put("forest", Json.finite(r.forest()));
        baselines.put("static", Json.finite(r.first()));
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("file", r.file().toString());
        fields.put("rows", r.rows());
        fields.put("quarantined", r.quarantined());
        fields.put("metric", r.metric());
        fields.put("champion", r.champion());
        fields.put("championCleanOnly", r.championCleanOnly());
        fields.put("baselines", baselines);
        fields.put("modelsPublished", r.published());
        fields.put("withoutHygiene", r.withoutHygiene());
        fields.put("oracle", r.oracle());
        fields.put("recovery", r.recovery());
        return fields;
    }

    private int detection(Terminal terminal, String label) throws IOException {
        Optional<Contract> agreed = contract == null ? Optional.empty() : Optional.of(ContractReader.read(contract));
        List<DetectionResult> results = new ArrayList<>();
        terminal.line(
                "%-28s %9s %7s %7s %9s %11s %7s %9s",
                "file", "rows", "AUROC", "AP", "ns/row", "quarantined", "recall", "precision");
        for (Path file : files) {
            DetectionResult r = DetectionBacktest.run(
                    file,
                    label,
                    agreed,
                    decisions,
                    bytes -> terminal.progress(String.format("%s: %,d KiB", file.getFileName(), bytes >> 10)));
            results.add(r);
            terminal.line(
                    "%-28s %,9d %7.3f %7.3f %,9.0f %,11d %7.3f %9.3f",
                    file.getFileName(),
                    r.rows(),
                    r.auroc(),
                    r.averagePrecision(),
                    r.nanosPerRow(),
                    r.quarantined(),
                    r.recall(),
                    r.precision());
            Taught taught = r.taught();
            if (taught != null) {
                terminal.line(
                        "%-28s %d decisions, %d of them discards: AP of the rest %.3f, taught %.3f",
                        "",
                        taught.decisions(),
                        taught.discarded(),
                        taught.averagePrecisionBefore(),
                        taught.averagePrecisionAfter());
            }
        }
        double auroc = mean(results, DetectionResult::auroc);
        double precision = mean(results, DetectionResult::averagePrecision);
        terminal.line("%-28s %9s %7.3f %7.3f", "mean", "", auroc, precision);
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("files", results.stream().map(BacktestCommand::fields).toList());
        fields.put("meanAuroc", Json.finite(auroc));
        fields.put("meanAveragePrecision", Json.finite(precision));
        Json.write(report, fields);
        return 0;
    }

    private static double mean(List<DetectionResult> results, ToDoubleFunction<DetectionResult> figure) {
        return results.stream().mapToDouble(figure).average().orElse(Double.NaN);
    }

    private static Map<String, Object> fields(DetectionResult r) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("file", r.file());
        fields.put("rows", r.rows());
        fields.put("undecodable", r.undecodable());
        fields.put("auroc", Json.finite(r.auroc()));
        fields.put("averagePrecision", Json.finite(r.averagePrecision()));
        fields.put("nanosPerRow", Json.finite(r.nanosPerRow()));
        fields.put("quarantined", r.quarantined());
        fields.put("recall", Json.finite(r.recall()));
        fields.put("precision", Json.finite(r.precision()));
        fields.put("taught", r.taught() == null ? null : fields(r.taught()));
        return fields;
    }

    private static Map<String, Object> fields(Taught taught) {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("decisions", taught.decisions());
        fields.put("discarded", taught.discarded());
        fields.put("averagePrecisionBefore", Json.finite(taught.averagePrecisionBefore()));
        fields.put("averagePrecisionAfter", Json.finite(taught.averagePrecisionAfter()));
        return fields;
    }
}
