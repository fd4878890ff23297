package io.winnow.faults.kinds;

import io.winnow.app.Winnow;
import io.winnow.faults.FaultKind;
import io.winnow.faults.count.Sender;
import io.winnow.faults.count.Tally;
import io.winnow.faults.harm.Hooks;
import io.winnow.faults.harm.Moment.Point;
import io.winnow.faults.result.Outcome;
import io.winnow.faults.world.LedgerPage;
import io.winnow.faults.world.Patience;
import io.winnow.faults.world.Run;
import io.winnow.faults.world.ShortBroker;
import io.winnow.monitoring.ledger.AuditReport;
import io.winnow.monitoring.ledger.RawRange;
import io.winnow.monitoring.ledger.live.LedgerConfig;
import io.winnow.monitoring.ledger.live.LedgerService;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.apache.kafka.clients.producer.KafkaProducer;

/** Commits that Kafka refuses and Flink's sink gives up without a word: only a ledger tells, and only a replay mends. */
final class CommitFaults {
    private static final int RECORDS = 12_000;
    private static final int RATE = 3_000;
    /** The least that a start of the job puts up with. */
    private static final int TRANSACTION_MILLIS = 120_000;

    private static final Duration PATIENCE = Duration.ofSeconds(240);

    static final List<FaultKind> KINDS = List.of(
            new FaultKind(
                    "commit-fenced",
                    "another producer takes a transaction's id between pre-commit and commit; then a replay",
                    2,
                    CommitFaults::fenced),
            new FaultKind(
                    "commit-times-out",
                    "between pre-commit and commit passes more time than a transaction may take; then a replay",
                    1,
                    CommitFaults::timesOut));

    private CommitFaults() {}

    private static Outcome fenced(Run run) throws Exception {
        beforeACommit(run, moment -> {
            for (String id : moment.transactions()) {
                try (KafkaProducer<byte[], byte[]> other =
                        Sender.producer(run.kafka(), Map.of("transactional.id", id))) {
                    other.initTransactions();
                }
            }
        });
        return lostAndReplayed(run);
    }

    private static Outcome timesOut(Run run) throws Exception {
        ShortBroker broker = run.closing(ShortBroker.start(run.directory().resolve("kafka"), TRANSACTION_MILLIS));
        beforeACommit(run.on(broker.kafka()), moment -> TimeUnit.MILLISECONDS.sleep(TRANSACTION_MILLIS + 3_000));
        return lostAndReplayed(run);
    }

    /** Does harm once, between pre-commit and commit of a random checkpoint that has records. */
    private static void beforeACommit(Run run, Hooks.Hook harm) {
        long at = 2 + run.random().nextInt(8);
        AtomicBoolean done = new AtomicBoolean();
        Hooks.set(run.stream(), moment -> {
            if (moment.point() == Point.BEFORE_COMMIT
                    && moment.count() >= at
                    && !moment.transactions().isEmpty()
                    && done.compareAndSet(false, true)) {
                run.harmed();
                harm.at(moment);
            }
        });
    }

    /** Records are lost for now: ledger, audit and count must name the same ones, and a replay must bring them back. */
    private static Outcome lostAndReplayed(Run run) throws Exception {
        run.makeTopics();
        LedgerService ledger = run.closing(LedgerService.start(
                new LedgerConfig(run.stream(), run.kafka(), run.directory().resolve("ledger"), 0)));
        run.watch();
        run.send(RECORDS, RATE);
        run.submit(2);
        Patience.await("the ledger tells that records are missing", PATIENCE, () -> missing(ledger) > 0);
        run.awaitSent();
        AuditReport audit = run.audit();
        Tally.Count count = run.tally();
        List<String> named = new ArrayList<>();
        for (RawRange range : audit.missingRanges()) {
            LongStream.rangeClosed(range.first(), range.last())
                    .forEach(offset -> named.add(run.topics().raw() + "/" + range.partition() + "/" + offset));
        }
        named.sort(null);
        if (!named.equals(count.lostIds())) {
            run.problem("the audit names " + audit.missingRanges() + ", missing are " + count.lostIds());
        }
        Patience.await("the ledger counts what is missing", PATIENCE, () -> missing(ledger) == count.lost());
        run.explain(count.lost() + " records of a transaction that Kafka aborted were missing; ledger, audit and count"
                + " named the same ones (" + audit.missingRanges() + "), and 'winnow replay' had them judged again");
        Path contract = run.directory().resolve(run.stream() + ".yaml");
        Files.writeString(contract, run.yaml());
        int status = Winnow.run(
                "replay",
                "--contract",
                contract.toString(),
                "--stream",
                run.stream(),
                "--missing",
                "--bootstrap",
                String.valueOf(run.kafka().get("bootstrap.servers")));
        if (status != 0) {
            run.problem("winnow replay ended with " + status);
        }
        Patience.await("the ledger closes", PATIENCE, () -> missing(ledger) == 0);
        return run.settle();
    }

    private static long missing(LedgerService ledger) throws Exception {
        return LedgerPage.of(ledger.port())
                .map(page -> page.get("missing").asLong())
                .orElse(-1L);
    }
}
