package io.winnow.app.command;

import io.winnow.app.Failure;
import io.winnow.app.terminal.Terminal;
import io.winnow.core.backtest.DetectionBacktest;
import io.winnow.core.backtest.DetectionResult;
import io.winnow.core.backtest.Taught;
import io.winnow.core.contract.Contract;
import io.winnow.core.contract.ContractReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code winnow backtest --label}. */
@Command(
        name = "backtest",
        description = {
            "Run the detector over history without Kafka: one pass, each row scored, then learned.",
            "The label is never shown to the detector; figures are over rows after the first 1,000."
        },
        mixinStandardHelpOptions = true)
public final class BacktestCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", arity = "1..*", description = "CSV or NDJSON, gzip or not.")
    private List<Path> files;

    @Option(
            names = "--label",
            required = true,
            paramLabel = "COL",
            description = "The column that marks anomalies (anything but 0, false, empty or 'normal').")
    private String label;

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
