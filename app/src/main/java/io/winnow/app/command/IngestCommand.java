package io.winnow.app.command;

import io.winnow.app.home.StreamContracts;
import io.winnow.app.kafka.StreamTopicsSetup;
import io.winnow.core.contract.Contract;
import io.winnow.core.contract.ContractReader;
import io.winnow.ingest.FileIngest;
import io.winnow.ingest.IngestException;
import io.winnow.ingest.IngestPlan;
import io.winnow.ingest.IngestReport;
import io.winnow.ingest.MonotonicTime;
import io.winnow.ingest.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code winnow ingest}. */
@Command(
        name = "ingest",
        description = "Send files (CSV or NDJSON, gzip or not; '-' for standard input) to a stream.",
        mixinStandardHelpOptions = true)
public final class IngestCommand implements Callable<Integer> {
    private static final Duration FLUSH = Duration.ofSeconds(30);

    @Option(names = "--stream", required = true, paramLabel = "S", description = "The stream's name.")
    private String stream;

    @Parameters(paramLabel = "FILE", arity = "1..*", description = "Files, in order.")
    private List<Path> files;

    @Option(
            names = "--rate",
            paramLabel = "R",
            description = "Records a second at most (default: as fast as the broker takes them).")
    private @Nullable Double rate;

    @Option(
            names = "--contract",
            paramLabel = "FILE",
            description = "Types CSV cells and names the key (default: the running stream's, else none).")
    private @Nullable Path contract;

    @Mixin
    private KafkaOption kafka;

    @Override
    public Integer call() throws IOException, IngestException, InterruptedException {
        Optional<Contract> agreed = contract == null
                ? StreamContracts.find(kafka.directory(), stream)
                : Optional.of(ContractReader.read(contract));
        Map<String, String> settings = kafka.settings();
        StreamTopicsSetup.reach(settings);
        FileIngest ingest = new FileIngest(
                new IngestPlan(
                        stream,
                        files,
                        agreed,
                        settings,
                        rate == null ? Double.POSITIVE_INFINITY : rate,
                        kafka.directory().resolve("too-large")),
                Progress.to(System.err, System.console() != null, MonotonicTime.system()),
                MonotonicTime.system(),
                System.in);
        Thread hook = new Thread(() -> flush(ingest), "ingest-signal");
        Runtime.getRuntime().addShutdownHook(hook);
        IngestReport report = ingest.run();
        System.out.println(report.summary());
        return report.interrupted() ? 1 : 0;
    }

    private static void flush(FileIngest ingest) {
        try {
            ingest.stop(FLUSH);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
