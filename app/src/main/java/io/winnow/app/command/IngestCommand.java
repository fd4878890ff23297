package io.winnow.app.command;

import io.winnow.app.Failure;
import io.winnow.app.home.StreamContracts;
import io.winnow.app.kafka.StreamTopicsSetup;
import io.winnow.core.contract.Contract;
import io.winnow.core.contract.ContractReader;
import io.winnow.core.contract.LabelContract;
import io.winnow.ingest.FileIngest;
import io.winnow.ingest.IngestException;
import io.winnow.ingest.IngestPlan;
import io.winnow.ingest.IngestReport;
import io.winnow.ingest.MonotonicTime;
import io.winnow.ingest.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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
        description = {
            "Send files (CSV or NDJSON, gzip or not; '-' for standard input) to a stream;",
            "with --http take records for streams over HTTP, until Ctrl-C: POST /v1/streams/S/records."
        },
        mixinStandardHelpOptions = true)
public final class IngestCommand implements Callable<Integer> {
    private static final Duration FLUSH = Duration.ofSeconds(30);

    @Option(
            names = "--stream",
            required = true,
            paramLabel = "S",
            split = ",",
            description = "The stream's name; with --http as many as there are.")
    private List<String> streams;

    @Parameters(paramLabel = "FILE", arity = "0..*", description = "Files, in order; with --http further streams.")
    private @Nullable List<String> words;

    @Option(names = "--http", description = "Take records over HTTP, on 127.0.0.1.")
    private boolean http;

    @Option(names = "--port", paramLabel = "P", description = "With --http: where it listens (default: 8090, or any).")
    private @Nullable Integer port;

    @Option(
            names = "--rate",
            paramLabel = "R",
            description = "Records a second at most (default: as fast as the broker takes them).")
    private @Nullable Double rate;

    @Option(
            names = "--labels",
            description = "The files hold labels that come later than their rows: the key, the target, and what else"
                    + " names the row (its time, or dq.id).")
    private boolean labels;

    @Option(
            names = "--contract",
            paramLabel = "FILE",
            description = "Types CSV cells and names the key (default: the running stream's, else none);"
                    + " with --http it may be repeated.")
    private @Nullable List<Path> contracts;

    @Mixin
    private KafkaOption kafka;

    @Override
    public Integer call() throws IOException, IngestException, InterruptedException {
        List<Contract> given = contracts == null
                ? List.of()
                : contracts.stream().map(ContractReader::read).toList();
        Map<String, String> settings = kafka.settings();
        if (http) {
            if (labels) {
                throw new Failure("--labels is for files; leave it out, or leave --http out");
            }
            if (rate != null) {
                throw new Failure("--rate is for files; over HTTP each client has its own pace");
            }
            List<String> all = new ArrayList<>(streams);
            all.addAll(words == null ? List.of() : words);
            StreamTopicsSetup.reach(settings);
            return HttpIngest.run(all, given, settings, kafka.directory(), port);
        }
        return send(given, settings);
    }

    private Integer send(List<Contract> given, Map<String, String> settings) throws IngestException {
        if (port != null) {
            throw new Failure("--port is for --http; leave it out, or add --http");
        }
        if (streams.size() > 1 || given.size() > 1) {
            throw new Failure("files go to one stream, with one contract; give one --stream and one --contract");
        }
        String stream = streams.get(0);
        Optional<Contract> agreed =
                given.isEmpty() ? StreamContracts.find(kafka.directory(), stream) : Optional.of(given.get(0));
        StreamTopicsSetup.reach(settings);
        FileIngest ingest = new FileIngest(
                new IngestPlan(
                        stream,
                        labels,
                        words == null ? List.of() : words.stream().map(Path::of).toList(),
                        labels ? Optional.of(ofLabels(stream, agreed)) : agreed,
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

    /** Without a contract nobody knows the key, and a label without it joins no row. */
    private static Contract ofLabels(String stream, Optional<Contract> agreed) {
        Contract contract = agreed.orElseThrow(
                () -> new Failure("labels need the contract of stream " + stream + "; give --contract FILE"));
        try {
            return LabelContract.of(contract);
        } catch (IllegalArgumentException e) {
            throw new Failure(String.valueOf(e.getMessage()), e);
        }
    }

    private static void flush(FileIngest ingest) {
        try {
            ingest.stop(FLUSH);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
