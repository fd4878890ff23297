package io.winnow.faults.world;

import io.winnow.app.kafka.StreamTopicPlan;
import io.winnow.app.kafka.StreamTopicsSetup;
import io.winnow.core.contract.Contract;
import io.winnow.core.contract.ContractReader;
import io.winnow.core.topic.StreamTopics;
import io.winnow.faults.count.Rows;
import io.winnow.faults.count.Sender;
import io.winnow.faults.count.Tally;
import io.winnow.faults.count.Watch;
import io.winnow.faults.harm.HarmedEnvironment;
import io.winnow.faults.harm.Hooks;
import io.winnow.faults.result.Outcome;
import io.winnow.hygiene.HygieneConfig;
import io.winnow.hygiene.HygieneJob;
import io.winnow.monitoring.ledger.AuditReport;
import io.winnow.monitoring.ledger.ConservationAudit;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.LongUnaryOperator;
import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.jspecify.annotations.Nullable;

/** One fault under one seed: a stream of its own, its records, its job, and the two oracles at its end. */
public final class Run implements AutoCloseable {
    /** Between checkpoints, so between commits. */
    public static final Duration CHECKPOINT = Duration.ofMillis(400);

    private static final Duration PATIENCE = Duration.ofSeconds(120);
    private static final Duration OPEN_TRANSACTIONS = Duration.ofSeconds(60);

    private final World world;
    private final long seed;
    private final String stream;
    private final Path directory;
    private final SplittableRandom random;
    private final List<String> problems = new ArrayList<>();
    private final List<String> explanations = new ArrayList<>();
    private final List<Sender> senders = new ArrayList<>();
    private final List<AutoCloseable> parts = new ArrayList<>();
    private final List<JobID> jobs = new ArrayList<>();
    private final BitSet acknowledged = new BitSet();
    private final BitSet expired = new BitSet();
    private @Nullable Map<String, String> kafka;
    private @Nullable Watch watch;
    private Rows rows;
    private LongUnaryOperator timestamps = number -> -1;
    private String rules = "";
    private Duration checkpoint = CHECKPOINT;
    private Duration patience = PATIENCE;
    private int partitions = 2;
    private int harms;
    private double slowest;

    /** A run of a kind; its stream is named after both. */
    public Run(World world, String kind, long seed) {
        this.world = world;
        this.seed = seed;
        this.stream = kind + "-" + seed;
        this.directory = world.directory().resolve(stream);
        this.random = new SplittableRandom(seed * 1_000_003L + kind.hashCode());
        this.rows = Rows.ordinary(seed);
    }

    /** Uses another broker than the shared one. */
    public Run on(Map<String, String> broker) {
        kafka = Map.copyOf(broker);
        return this;
    }

    /** Sends other records than ordinary ones. */
    public Run rows(Rows other) {
        rows = other;
        return this;
    }

    /** Sends them with other Kafka timestamps than now, by number. */
    public Run timestamps(LongUnaryOperator other) {
        timestamps = other;
        return this;
    }

    /** More lines for the contract. */
    public Run rules(String yaml) {
        rules = yaml;
        return this;
    }

    /** Another time between checkpoints than {@link #CHECKPOINT}. */
    public Run checkpointEvery(Duration interval) {
        checkpoint = interval;
        return this;
    }

    /** How long it waits for verdicts. */
    public Run patience(Duration atMost) {
        patience = atMost;
        return this;
    }

    /** Partitions of raw that are sent to. */
    public Run partitions(int count) {
        partitions = count;
        return this;
    }

    /** What everything random is drawn from. */
    public SplittableRandom random() {
        return random;
    }

    /** The run's seed. */
    public long seed() {
        return seed;
    }

    /** The stream's name. */
    public String stream() {
        return stream;
    }

    /** The stream's topics. */
    public StreamTopics topics() {
        return new StreamTopics(stream);
    }

    /** Where this run may write. */
    public Path directory() {
        return directory;
    }

    /** What runs share. */
    public World world() {
        return world;
    }

    /** Client settings of this run's broker. */
    public Map<String, String> kafka() {
        return kafka == null ? world.broker().clientSettings() : kafka;
    }

    /** What ends with this run. */
    public <T extends AutoCloseable> T closing(T part) {
        parts.add(0, part);
        return part;
    }

    /** The stream's contract as text. */
    public String yaml() {
        return """
                stream: %s
                key: line
                time: {field: ts, format: epoch-millis}
                context: {per: key}
                features:
                  - {name: line, type: category}
                  - {name: speed, type: number, min: -1000, max: 1000, required: true}
                  - {name: load, type: number}
                  - {name: heat, type: number}
                %s
                """.formatted(stream, rules);
    }

    /** The stream's contract. */
    public Contract contract() {
        return ContractReader.parse(yaml(), stream + ".yaml");
    }

    /** Makes the stream's topics. */
    public Run makeTopics() {
        StreamTopicsSetup.ensure(
                kafka(), List.of(new StreamTopicPlan(topics(), partitions, 1 << 20, Duration.ofDays(7), 0)));
        return this;
    }

    /** Keeps what topics would drop for want of space: both oracles read all of it at the end. */
    public void keepAll() throws Exception {
        AlterConfigOp all =
                new AlterConfigOp(new ConfigEntry(TopicConfig.RETENTION_BYTES_CONFIG, "-1"), AlterConfigOp.OpType.SET);
        Map<ConfigResource, Collection<AlterConfigOp>> changes = new HashMap<>();
        for (String topic : List.of(topics().raw(), topics().clean(), topics().quarantine())) {
            changes.put(new ConfigResource(ConfigResource.Type.TOPIC, topic), List.of(all));
        }
        try (Admin admin = Admin.create(new HashMap<>(kafka()))) {
            admin.incrementalAlterConfigs(changes).all().get();
        }
    }

    /** What will be sent. */
    public Sender.Plan plan(long first, long count, int perSecond) {
        return new Sender.Plan(topics().raw(), rows, first, count, perSecond, partitions, timestamps);
    }

    /** Sends records from a thread of its own; further calls go on with the numbers that follow. */
    public Sender send(long count, int perSecond) {
        long first = senders.stream().mapToLong(Sender::position).max().orElse(0);
        Sender sender = Sender.start(kafka(), plan(first, count, perSecond));
        senders.add(sender);
        parts.add(0, sender);
        return sender;
    }

    /** These numbers too are on raw for sure. */
    public void acknowledged(BitSet numbers) {
        acknowledged.or(numbers);
    }

    /** These numbers were on raw, and retention took them before they were judged, or after. */
    public void expired(BitSet numbers) {
        expired.or(numbers);
    }

    /** Follows the verdicts; begun by the first that asks. */
    public Watch watch() {
        if (watch == null) {
            watch = closing(Watch.start(kafka(), stream));
        }
        return watch;
    }

    /** How the stream's job is to run. */
    public HygieneConfig config(int parallelism) {
        return new HygieneConfig(
                contract(), kafka(), parallelism, checkpoint, true, directory.resolve("checkpoints"), seed);
    }

    /** Submits the job, from its newest checkpoint, and returns when it runs. */
    public JobID submit(int parallelism) throws Exception {
        return submit(parallelism, null);
    }

    /** Submits the job from a savepoint, and returns when it runs. */
    public JobID submit(int parallelism, @Nullable String savepoint) throws Exception {
        return submit(parallelism, savepoint, false);
    }

    /** The same, and takes the stream's lease from a job that runs, if so wanted. */
    public JobID submit(int parallelism, @Nullable String savepoint, boolean takeOver) throws Exception {
        HygieneConfig config = config(parallelism);
        JobID submitted;
        try (HygieneJob.Start start = HygieneJob.start(config, takeOver)) {
            HarmedEnvironment env = new HarmedEnvironment(HygieneJob.settings(config), stream);
            start.define(env);
            JobGraph graph = env.getStreamGraph().getJobGraph();
            if (savepoint != null) {
                graph.setSavepointRestoreSettings(SavepointRestoreSettings.forPath(savepoint));
            }
            submitted = world.flink().submit(graph);
        }
        jobs.add(submitted);
        world.flink().awaitRunning(submitted);
        return submitted;
    }

    /**
     * What most kinds begin with: topics, somebody who follows the verdicts, a producer that has begun to send so many
     * records at this rate, and the job, which runs at parallelism 2.
     */
    public JobID begin(long count, int perSecond) throws Exception {
        makeTopics();
        watch();
        send(count, perSecond);
        return submit(2);
    }

    /** Waits for a random number of verdicts, beyond those of the first {@code from} and within {@code spread} of it. */
    public void awaitSome(long from, int spread) throws Exception {
        awaitVerdicts(1 + from + random.nextInt(spread));
    }

    /** Harm is done now. */
    public void harmed() {
        synchronized (this) {
            harms++;
        }
        watch().harmed(senders.stream().mapToLong(Sender::position).max().orElse(0));
    }

    /** Harm was done that holds up no verdict; what it did hold up was back after this time, in seconds. */
    public synchronized void harmed(double recovery) {
        harms++;
        slowest = Math.max(slowest, recovery);
    }

    /** Something is not as it must be, though the numbers may be right. */
    public synchronized void problem(String what) {
        problems.add(what);
    }

    /** What a reader should know of this run. */
    public synchronized void explain(String what) {
        explanations.add(what);
    }

    /** Waits until so many records of those that were sent have a readable verdict. */
    public void awaitVerdicts(long count) throws Exception {
        if (!watch().await(count, patience)) {
            throw new IllegalStateException(
                    "only " + watch().seen() + " of " + count + " verdicts after " + patience.toSeconds() + " s");
        }
    }

    /** Numbers that Kafka has acknowledged so far. */
    public BitSet acknowledged() {
        BitSet all = (BitSet) acknowledged.clone();
        senders.forEach(sender -> all.or(sender.acknowledged()));
        return all;
    }

    /** Waits until all is sent. */
    public void awaitSent() throws InterruptedException {
        for (Sender sender : senders) {
            sender.await();
        }
    }

    /** The independent count as it is now. */
    public Tally.Count tally() {
        return Tally.of(kafka(), stream, acknowledged(), expired, config(1).sideDirectory());
    }

    /** The audit, once it has nothing pending; waits a while for that. */
    public AuditReport audit() throws Exception {
        long deadline = System.nanoTime() + patience.toNanos();
        AuditReport report = ConservationAudit.audit(stream, kafka(), Duration.ofSeconds(5));
        while (report.pending() > 0 && System.nanoTime() < deadline) {
            Nudge.raw(kafka(), stream);
            report = ConservationAudit.audit(stream, kafka(), Duration.ofSeconds(5));
        }
        return report;
    }

    /** Waits for the last verdicts and asks both oracles. */
    public Outcome settle() throws Exception {
        awaitSent();
        BitSet due = acknowledged();
        due.andNot(expired);
        if (watch().await(due, patience)) {
            watch().caughtUp();
        }
        AuditReport audit = audit();
        Tally.Count count = tally();
        compare(audit, count);
        checkTransactions();
        return told(new Outcome(
                count.expected(),
                count.seen(),
                Math.max(count.lost(), audit.missing()),
                Math.max(count.duplicated(), audit.duplicated()),
                count.offsets(),
                harms,
                watch().secondsToRecover(),
                List.of(),
                null));
    }

    /** An outcome with all that was said of the run up to now. */
    public synchronized Outcome told(Outcome o) {
        return new Outcome(
                o.expected(),
                o.seen(),
                o.lost(),
                o.duplicated(),
                o.offsets(),
                harms,
                Math.max(slowest, o.secondsToRecover()),
                problems,
                explanations.isEmpty() ? null : String.join("; ", explanations));
    }

    /** What there is to say of a run that failed before both oracles could be asked. */
    public Outcome unfinished(String why) {
        problem(why);
        try {
            Tally.Count count = tally();
            return new Outcome(
                    count.expected(),
                    count.seen(),
                    count.lost(),
                    count.duplicated(),
                    count.offsets(),
                    harms,
                    watch().secondsToRecover(),
                    problems,
                    null);
        } catch (RuntimeException e) {
            problem("nothing could be counted: " + e);
            return new Outcome(0, 0, 0, 0, new TreeMap<>(), harms, 0, problems, null);
        }
    }

    private void compare(AuditReport audit, Tally.Count count) {
        problems.addAll(count.wrong());
        if (!audit.conserved() || audit.pending() > 0) {
            problem("the audit says " + audit);
        }
        if (audit.missing() != count.lost()
                || audit.duplicated() != count.duplicated()
                || (audit.pending() == 0 && audit.raw() != count.expected())) {
            problem("the oracles disagree: the audit says " + audit.raw() + " raw, " + audit.missing() + " missing, "
                    + audit.duplicated() + " duplicated; the count says " + count.expected() + ", " + count.lost()
                    + ", " + count.duplicated());
        }
    }

    /** Nothing of this stream may be left open: it would hold up every reader. */
    private void checkTransactions() throws Exception {
        try (Admin admin = Admin.create(new HashMap<>(kafka()))) {
            try {
                Patience.await("no open transactions", OPEN_TRANSACTIONS, () -> openTransactions(admin) == 0);
            } catch (IllegalStateException e) {
                problem(openTransactions(admin) + " transactions are still open");
            }
        }
    }

    private long openTransactions(Admin admin) throws Exception {
        return admin
                .listTransactions(new ListTransactionsOptions()
                        .filterStates(List.of(
                                TransactionState.ONGOING,
                                TransactionState.PREPARE_COMMIT,
                                TransactionState.PREPARE_ABORT)))
                .all()
                .get()
                .stream()
                .filter(t -> t.transactionalId().startsWith("winnow-" + stream + "-"))
                .count();
    }

    @Override
    public void close() throws Exception {
        Hooks.clear(stream);
        for (JobID job : jobs) {
            world.flink().cancel(job);
        }
        for (AutoCloseable part : parts) {
            part.close();
        }
        if (kafka == null) {
            // The shared broker would gather hundreds of topics.
            try (Admin admin = Admin.create(new HashMap<>(kafka()))) {
                admin.deleteTopics(admin.listTopics().names().get().stream()
                        .filter(name -> name.startsWith(stream + "."))
                        .toList());
            }
        }
    }
}
