package io.winnow.app.bench;

import io.winnow.app.Failure;
import io.winnow.app.flink.FlinkCluster;
import io.winnow.app.kafka.EmbeddedBroker;
import io.winnow.app.kafka.Ports;
import io.winnow.app.terminal.Terminal;
import io.winnow.hygiene.HygieneConfig;
import io.winnow.hygiene.HygieneJob;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Measures how long a record takes from raw to clean, with either kind of delivery, at half of what the job can do. Broker,
 * job, sender and reader share this machine.
 */
public final class Latency {
    private static final Duration CHECKPOINTS = Duration.ofSeconds(1);
    /** What comes later than this after its time has not come. */
    private static final Duration LATE = Duration.ofSeconds(10);

    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final long LOOK_NANOS = 50_000_000;

    private final Path folder;
    private final LatencyPlan plan;
    private final Map<String, String> kafka;
    private final BenchTopics topics;
    private final Terminal terminal;
    private int jobs;

    private Latency(Path folder, LatencyPlan plan, Map<String, String> kafka, BenchTopics topics, Terminal terminal) {
        this.folder = folder;
        this.plan = plan;
        this.kafka = kafka;
        this.topics = topics;
        this.terminal = terminal;
    }

    /**
     * Measures.
     *
     * @param folder takes the broker's log and the checkpoints
     * @throws Failure if a job fails or nothing arrives
     */
    public static LatencyReport run(Path folder, LatencyPlan plan, Terminal terminal) {
        try (EmbeddedBroker broker = EmbeddedBroker.start(folder.resolve("kafka"), Ports.free(0, "the broker"));
                BenchTopics topics = new BenchTopics(broker.clientSettings())) {
            Latency latency = new Latency(folder, plan, broker.clientSettings(), topics, terminal);
            terminal.progress("what is ordinary, and what the job can do");
            topics.fill(plan.records(), plan.seed());
            latency.unpaced();
            Double capacity = null;
            double rate;
            if (plan.rate().isPresent()) {
                rate = plan.rate().getAsDouble();
            } else {
                capacity = latency.unpaced();
                rate = capacity / 2;
                terminal.line("the job can do %,.0f records/s; sent are %,.0f", capacity, rate);
            }
            return new LatencyReport(
                    capacity,
                    rate,
                    CHECKPOINTS.toMillis(),
                    plan.seed(),
                    latency.paced("exactly once", true, rate),
                    latency.paced("at least once", false, rate));
        }
    }

    /** All of the records, as fast as they go: records a second. The first time, the stream gets to know them. */
    private double unpaced() {
        HygieneConfig config = config(true);
        topics.reset(config.groupId());
        try (FlinkCluster flink = start(config)) {
            awaitEnd(config.groupId(), flink);
        }
        return Arrivals.read(Map.copyOf(kafka), topics.written(), (int) plan.records())
                .rate();
    }

    private LatencyReport.Quantiles paced(String name, boolean exactlyOnce, double rate) {
        terminal.progress(name);
        HygieneConfig config = config(exactlyOnce);
        Map<String, Object> settings = new HashMap<>(kafka);
        settings.put("isolation.level", "read_committed");
        settings.put("enable.auto.commit", false);
        long[] nanos = new long[(int) (rate * plan.seconds() * 2) + 1_000];
        int n = 0;
        try (FlinkCluster flink = start(config);
                KafkaConsumer<byte[], byte[]> reader =
                        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            reader.assign(topics.written());
            reader.seekToEnd(topics.written());
            topics.written().forEach(reader::position);
            try (PacedSender sender = PacedSender.start(kafka, rate, plan.seed() + 1)) {
                long from = System.nanoTime() + TimeUnit.SECONDS.toNanos(plan.warmUp());
                long to = from + TimeUnit.SECONDS.toNanos(plan.seconds());
                long end = to + LATE.toNanos();
                long now = System.nanoTime();
                BitSet through = new BitSet();
                while (now < end && through.cardinality() < BenchTopics.PARTITIONS) {
                    fail(flink);
                    for (ConsumerRecord<byte[], byte[]> record : reader.poll(POLL)) {
                        now = System.nanoTime();
                        long due = record.key() == null
                                ? 0
                                : ByteBuffer.wrap(record.key()).getLong();
                        if (due >= from && due < to && n < nanos.length) {
                            nanos[n++] = now - due;
                        }
                        through.set(record.partition(), due >= to);
                    }
                    now = System.nanoTime();
                }
            }
        }
        double expected = rate * plan.seconds();
        if (n < 0.99 * expected) {
            throw new Failure(String.format(
                    "%s: of %,.0f records only %,d arrived in time, so the job fell behind; try a lower --rate",
                    name, expected, n));
        }
        LatencyReport.Quantiles quantiles = LatencyReport.Quantiles.of(Arrays.copyOf(nanos, n));
        terminal.line(
                "%s, ms: median %.1f, 99 %% %.1f, 99.9 %% %.1f, most %.1f",
                name, quantiles.p50(), quantiles.p99(), quantiles.p999(), quantiles.max());
        return quantiles;
    }

    private FlinkCluster start(HygieneConfig config) {
        FlinkCluster flink = FlinkCluster.start(
                config.parallelism(), Ports.free(0, "Flink's metrics"), Optional.empty(), terminal::line);
        try (HygieneJob.Prepared job = HygieneJob.prepare(config, false)) {
            flink.submit(BenchTopics.TOPICS.stream(), job.graph());
            return flink;
        } catch (RuntimeException e) {
            flink.close();
            throw e;
        }
    }

    private void awaitEnd(String group, FlinkCluster flink) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!topics.isConsumed(group)) {
            fail(flink);
            if (System.nanoTime() > deadline) {
                throw new Failure("the job did not end within " + PATIENCE.toMinutes() + " minutes");
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }

    private static void fail(FlinkCluster flink) {
        if (flink.failure().isDone()) {
            throw flink.failure().join();
        }
    }

    private HygieneConfig config(boolean exactlyOnce) {
        // A directory of its own: the job begins where the group does, not where another one ended.
        return new HygieneConfig(
                BenchStream.CONTRACT,
                kafka,
                Bench.PARALLELISM,
                CHECKPOINTS,
                exactlyOnce,
                folder.resolve("checkpoints-latency-" + jobs++),
                plan.seed());
    }
}
