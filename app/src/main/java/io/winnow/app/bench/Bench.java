package io.winnow.app.bench;

import io.winnow.app.Failure;
import io.winnow.app.flink.FlinkCluster;
import io.winnow.app.kafka.EmbeddedBroker;
import io.winnow.app.kafka.Ports;
import io.winnow.app.terminal.Terminal;
import io.winnow.hygiene.HygieneConfig;
import io.winnow.hygiene.HygieneJob;
import io.winnow.hygiene.kafka.ClusterLimits;
import io.winnow.hygiene.kafka.KafkaEnds;
import io.winnow.hygiene.kafka.Preflight;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.jobgraph.JobGraph;

/**
 * Runs plain copies, the identity job and the hygiene job in turn over the same records on one embedded broker. Rounds to
 * warm up are not counted, so that all contestants are compiled and the stream has its profile.
 */
public final class Bench {
    /** Subtasks of the jobs. */
    static final int PARALLELISM = 2;

    private static final Duration CHECKPOINTS = Duration.ofSeconds(2);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final Path folder;
    private final BenchPlan plan;
    private final Map<String, String> kafka;
    private final BenchTopics topics;
    private final FlinkCluster flink;
    private final Terminal terminal;
    private int jobs;

    private Bench(
            Path folder,
            BenchPlan plan,
            Map<String, String> kafka,
            BenchTopics topics,
            FlinkCluster flink,
            Terminal terminal) {
        this.folder = folder;
        this.plan = plan;
        this.kafka = kafka;
        this.topics = topics;
        this.flink = flink;
        this.terminal = terminal;
    }

    /**
     * Measures.
     *
     * @param folder takes the broker's log and the checkpoints: some two kilobytes a record
     * @throws Failure if a run fails or loses a record
     */
    public static BenchReport run(Path folder, BenchPlan plan, Terminal terminal) {
        terminal.progress("the kernel: decode, score, learn");
        BenchReport.KernelNanos kernel = Kernel.time(plan.seed());
        terminal.line(
                "kernel, CPU ns a record: decode %,.0f, score %,.0f, learn %,.0f",
                kernel.decode(), kernel.score(), kernel.learn());
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"), Ports.free(0, "the broker"));
                BenchTopics topics = new BenchTopics(broker.clientSettings());
                FlinkCluster flink = FlinkCluster.start(
                        PARALLELISM, Ports.free(0, "Flink's metrics"), Optional.empty(), terminal::line)) {
            terminal.progress(String.format("writing %,d records", plan.records()));
            double bytes = topics.fill(plan.records(), plan.seed());
            terminal.line("%,d records of %.0f bytes on %d partitions", plan.records(), bytes, BenchTopics.PARTITIONS);
            Bench bench = new Bench(folder, plan, broker.clientSettings(), topics, flink, terminal);
            for (int round = 0; round < plan.warmUps(); round++) {
                bench.round("warm-up");
            }
            List<BenchReport.Round> measured = new ArrayList<>();
            for (int round = 1; round <= plan.rounds(); round++) {
                measured.add(bench.round("round " + round + " of " + plan.rounds()));
            }
            return new BenchReport(plan.records(), bytes, PARALLELISM, plan.seed(), measured, kernel);
        }
    }

    private BenchReport.Round round(String name) {
        BenchReport.Round round = new BenchReport.Round(
                rate(name + ": plain copy, one thread", () -> copy(1)),
                rate(name + ": plain copy, " + PARALLELISM + " threads", () -> copy(PARALLELISM)),
                rate(name + ": identity job", () -> job(IdentityJob::prepare)),
                rate(name + ": hygiene job", () -> job(Bench::hygiene)));
        terminal.line(
                "%s, records/s: plain copy %,.0f (one thread %,.0f), identity job %,.0f, hygiene job %,.0f",
                name, round.plainCopy(), round.plainCopyOneThread(), round.identityJob(), round.hygieneJob());
        return round;
    }

    private double rate(String name, Supplier<HygieneConfig> run) {
        terminal.progress(name);
        topics.reset(config().groupId());
        HygieneConfig config = run.get();
        return Arrivals.read(settings(KafkaEnds.rawConsumer(config)), topics.written(), plan.records())
                .rate();
    }

    private HygieneConfig copy(int threads) {
        HygieneConfig config = config();
        ClusterLimits limits = Preflight.check(config);
        new PlainCopy(
                        settings(KafkaEnds.rawConsumer(config)),
                        settings(KafkaEnds.cleanProducer(config, limits)),
                        BenchTopics.TOPICS.raw(),
                        BenchTopics.TOPICS.clean())
                .run(BenchTopics.PARTITIONS, threads);
        return config;
    }

    private HygieneConfig job(Function<HygieneConfig, JobGraph> prepare) {
        // A directory of its own: the job begins where the group does, not where another one ended.
        jobs++;
        HygieneConfig config = config();
        JobID job = flink.submit(BenchTopics.TOPICS.stream(), prepare.apply(config));
        awaitEnd(config.groupId(), flink.failure());
        flink.stop(job);
        return config;
    }

    private static JobGraph hygiene(HygieneConfig config) {
        try (HygieneJob.Prepared job = HygieneJob.prepare(config, false)) {
            return job.graph();
        }
    }

    /** A job has ended once a checkpoint covers every record. */
    private void awaitEnd(String group, CompletableFuture<Failure> failure) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!topics.isConsumed(group)) {
            if (System.nanoTime() > deadline) {
                throw new Failure("a job did not end within " + PATIENCE.toMinutes() + " minutes; try fewer --records");
            }
            try {
                throw failure.get(BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                // It runs: look again.
            } catch (ExecutionException e) {
                throw new Failure("a job failed: " + e.getCause(), e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new Failure("interrupted", e);
            }
        }
    }

    private HygieneConfig config() {
        return new HygieneConfig(
                BenchStream.CONTRACT,
                kafka,
                PARALLELISM,
                CHECKPOINTS,
                true,
                folder.resolve("checkpoints-" + jobs),
                plan.seed());
    }

    /** Without what only Flink's connector understands, or only a transaction needs. */
    private static Map<String, Object> settings(Properties properties) {
        Map<String, Object> settings = new HashMap<>();
        properties.forEach((key, value) -> settings.put(key.toString(), value));
        settings.remove("partition.discovery.interval.ms");
        settings.remove("transaction.timeout.ms");
        return settings;
    }
}
