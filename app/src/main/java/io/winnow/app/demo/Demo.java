package io.winnow.app.demo;

import io.winnow.app.Failure;
import io.winnow.app.terminal.Terminal;
import io.winnow.core.contract.ContractReader;
import io.winnow.core.topic.StreamTopics;
import io.winnow.monitoring.ledger.AuditReport;
import io.winnow.monitoring.ledger.ConservationAudit;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Sends a simulated grid with known faults through a running Winnow and reports what became of it. */
public final class Demo {
    private static final int FIRST_RECORDS = 4_000;
    private static final double FIRST_SLOWNESS = 5;
    private static final int TRAIN_EVERY_ROWS = 10_000;
    private static final Duration POLL = Duration.ofMillis(100);
    /** No verdict for this long, with records waiting for theirs: something has stopped. */
    private static final Duration STANDSTILL = Duration.ofMinutes(2);

    private final DemoOptions options;
    private final Map<String, String> kafka;
    private final CompletableFuture<Failure> failure;
    private final Terminal terminal;
    private final StreamTopics topics = StreamTopics.of(ContractReader.parse(contractYaml(), "the demo's contract"));
    private final Truth truth = new Truth();

    private Demo(
            DemoOptions options, Map<String, String> kafka, CompletableFuture<Failure> failure, Terminal terminal) {
        this.options = options;
        this.kafka = kafka;
        this.failure = failure;
        this.terminal = terminal;
    }

    /** The contract of the demo's stream, as YAML. */
    public static String contractYaml() {
        return GridStream.contractYaml(TRAIN_EVERY_ROWS);
    }

    /**
     * Sends the records, waits until each has its verdict and a model is published, and holds both against the truth.
     * A Winnow must be running on the demo's contract.
     *
     * @param kafka client properties that reach it
     * @param failure completes when a part of it has failed for good
     * @throws Failure that one, or if Kafka refuses a record or the verdicts stop coming
     */
    public static DemoReport run(
            DemoOptions options, Map<String, String> kafka, CompletableFuture<Failure> failure, Terminal terminal) {
        return new Demo(options, kafka, failure, terminal).run();
    }

    private DemoReport run() {
        FaultInjector records = new FaultInjector(new GridStream(options.seed()), options.seed());
        try (Verdicts verdicts = new Verdicts(topics, kafka, truth);
                Models models = new Models(topics, kafka)) {
            long start = System.nanoTime();
            send(records, verdicts, start);
            awaitVerdicts(verdicts);
            double seconds = (System.nanoTime() - start) / 1e9;
            AuditReport audit = audit();
            awaitModel(models);
            return DemoReport.of(
                    audit,
                    verdicts.detection(),
                    models.published(),
                    models.champion().orElse(null),
                    truth.sent(),
                    seconds,
                    options.seed());
        }
    }

    /** Sends at the rate that was asked for; the time in between goes to reading verdicts. */
    private void send(FaultInjector records, Verdicts verdicts, long start) {
        try (GridSender sender = new GridSender(topics.raw(), kafka, records, truth)) {
            for (int n = 0; n < options.records(); n++) {
                double due = dueSeconds(n) - (System.nanoTime() - start) / 1e9;
                if (due > 0 || n % 1_000 == 0) {
                    verdicts.poll(Duration.ofMillis((long) Math.ceil(Math.max(0, due) * 1e3)));
                    showProgress(n, verdicts);
                }
                sender.send(n);
            }
            sender.flush();
        }
    }

    /** A network that is just being connected starts slowly: its first records make the first profiles. */
    private double dueSeconds(int n) {
        int slow = Math.min(n, FIRST_RECORDS);
        return slow * FIRST_SLOWNESS / options.ratePerSecond() + (n - slow) / options.ratePerSecond();
    }

    private void awaitVerdicts(Verdicts verdicts) {
        long judged = truth.judged();
        long moved = System.nanoTime();
        while (truth.judged() < truth.sent()) {
            verdicts.poll(POLL);
            showProgress(truth.sent(), verdicts);
            if (truth.judged() > judged) {
                judged = truth.judged();
                moved = System.nanoTime();
            } else if (System.nanoTime() - moved > STANDSTILL.toNanos()) {
                throw new Failure(String.format(
                        Locale.ROOT,
                        "%,d of %,d records have no verdict after %d s without any; the logs in the data directory say"
                                + " what stopped",
                        truth.sent() - judged,
                        truth.sent(),
                        STANDSTILL.toSeconds()));
            }
        }
    }

    /** The proof; verdicts can be read a moment before the checkpoint that they belong to counts as complete. */
    private AuditReport audit() {
        try (Checkpoints checkpoints = new Checkpoints(topics, kafka)) {
            checkpoints.awaitEnd(STANDSTILL);
        }
        terminal.progress("all judged; counting every record on the topics");
        return ConservationAudit.audit(topics.stream(), kafka);
    }

    private void awaitModel(Models models) {
        long deadline = System.nanoTime() + options.modelWait().toNanos();
        models.poll(POLL);
        while (models.champion().isEmpty() && System.nanoTime() < deadline) {
            terminal.progress("all judged; waiting for the first model");
            models.poll(POLL);
        }
    }

    private void showProgress(long sent, Verdicts verdicts) {
        if (failure.isDone()) {
            throw failure.join();
        }
        terminal.progress(String.format(
                Locale.ROOT,
                "%,d of %,d sent · %,d judged · %s set aside",
                sent,
                options.records(),
                truth.judged(),
                terminal.bold(String.format(Locale.ROOT, "%,d", verdicts.setAside()))));
    }
}
