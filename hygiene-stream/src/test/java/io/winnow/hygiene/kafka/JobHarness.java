package io.winnow.hygiene.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.core.contract.Contract;
import io.winnow.core.hygiene.Profile;
import io.winnow.core.topic.DqHeaders;
import io.winnow.core.topic.StreamTopics;
import io.winnow.hygiene.HygieneConfig;
import io.winnow.hygiene.HygieneJob;
import io.winnow.hygiene.Samples;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** A real broker and a real Flink in this JVM, and jobs of streams that each have topics of their own. */
final class JobHarness implements AutoCloseable {
    static final int PARTITIONS = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    final MiniCluster flink;
    private final Path directory;
    private final Broker broker;

    JobHarness(Path directory) throws Exception {
        this.directory = directory;
        broker = new Broker(directory.resolve("kafka"));
        flink = new MiniCluster(new MiniClusterConfiguration.Builder()
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(8)
                .withRandomPorts()
                .build());
        flink.start();
    }

    @Override
    public void close() throws Exception {
        flink.close();
        broker.close();
    }

    Map<String, String> kafka() {
        return Map.of("bootstrap.servers", broker.bootstrap());
    }

    static Contract contract(String stream) {
        return new Contract(
                stream,
                Samples.GRID.key(),
                Samples.GRID.contextPerKey(),
                Samples.GRID.time(),
                Samples.GRID.features(),
                Samples.GRID.target(),
                Samples.GRID.labels(),
                Samples.GRID.derive(),
                Samples.GRID.hygiene(),
                Samples.GRID.training());
    }

    HygieneConfig config(String stream, Duration interval) {
        return new HygieneConfig(
                contract(stream), kafka(), 2, interval, true, directory.resolve("checkpoints-" + stream), 1);
    }

    StreamTopics createTopics(String stream, Map<String, String> outputs) throws Exception {
        StreamTopics t = new StreamTopics(stream);
        try (Admin admin = Admin.create(new HashMap<>(kafka()))) {
            // Kept for ever: the rows are of 2020.
            Map<String, String> kept = new HashMap<>(outputs);
            kept.put("retention.ms", "-1");
            admin.createTopics(List.of(
                            new NewTopic(t.raw(), PARTITIONS, (short) 1)
                                    .configs(Map.of("max.message.bytes", "4194304", "retention.ms", "-1")),
                            new NewTopic(t.clean(), PARTITIONS, (short) 1).configs(kept),
                            new NewTopic(t.quarantine(), PARTITIONS, (short) 1).configs(kept),
                            new NewTopic(t.profiles(), 1, (short) 1).configs(Map.of("cleanup.policy", "compact")),
                            new NewTopic(t.decisions(), 1, (short) 1),
                            new NewTopic(t.audit(), 1, (short) 1)))
                    .all()
                    .get();
            awaitLeaders(admin, t);
        }
        return t;
    }

    /**
     * A topic that was created need not be led yet. Where a producer's first batch is refused for that and its second one
     * taken, the first is out of order for ever, and lost after two minutes.
     */
    private static void awaitLeaders(Admin admin, StreamTopics t) throws Exception {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        for (String topic : List.of(t.raw(), t.clean(), t.quarantine())) {
            for (int p = 0; p < PARTITIONS; p++) {
                asked.put(new TopicPartition(topic, p), OffsetSpec.latest());
            }
        }
        asked.put(new TopicPartition(t.profiles(), 0), OffsetSpec.latest());
        asked.put(new TopicPartition(t.decisions(), 0), OffsetSpec.latest());
        long deadline = System.nanoTime() + 30_000_000_000L;
        while (true) {
            try {
                admin.listOffsets(asked).all().get();
                break;
            } catch (ExecutionException e) {
                // A broker that does not know the topic yet says so at once; the client takes that for an answer.
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException) || System.nanoTime() > deadline) {
                    throw e;
                }
                LockSupport.parkNanos(20_000_000);
            }
        }
    }

    KafkaProducer<byte[], byte[]> producer() {
        return new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers", broker.bootstrap(),
                        "linger.ms", "5",
                        "max.request.size", "4194304",
                        "compression.type", "zstd"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    JobID submit(HygieneConfig config) throws Exception {
        return submit(config, graph -> {});
    }

    /**
     * The same job, of which no checkpoint is ever taken. A long interval would not do: Flink takes the first one at a
     * random moment of it.
     */
    JobID submitWithoutCheckpoints(HygieneConfig config) throws Exception {
        return submit(config, graph -> graph.setSnapshotSettings(null));
    }

    private JobID submit(HygieneConfig config, Consumer<JobGraph> change) throws Exception {
        try (HygieneJob.Prepared job = HygieneJob.prepare(config, false)) {
            change.accept(job.graph());
            flink.submitJob(job.graph()).get();
            return job.graph().getJobID();
        }
    }

    void cancel(JobID job) throws Exception {
        flink.cancelJob(job).get();
        await("the job ends", () -> status(job).isGloballyTerminalState());
    }

    JobStatus status(JobID job) {
        return flink.getJobStatus(job).join();
    }

    static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(deadline);
            Thread.sleep(20);
        }
    }

    /** What is committed on these topics; each is read once, however often it is asked for. */
    TopicLog committed(String... topics) {
        return new TopicLog(kafka(), "read_committed", topics);
    }

    /** What lies on these topics, committed or not. */
    TopicLog uncommitted(String... topics) {
        return new TopicLog(kafka(), "read_uncommitted", topics);
    }

    void awaitVerdicts(StreamTopics t, int count) throws InterruptedException {
        try (TopicLog verdicts = committed(t.clean(), t.quarantine())) {
            await(count + " verdicts", () -> verdicts.read().size() >= count);
        }
    }

    /** The newest profile; none before there is one. */
    @Nullable
    Profile newest(StreamTopics t) {
        String contract = contract(t.stream()).hash();
        try (var reader = new KafkaProfileChannel(kafka(), t.profiles()).reader(contract)) {
            var newest = reader.newest();
            return newest == null ? null : newest.profile();
        }
    }

    static String text(ConsumerRecord<byte[], byte[]> record, String header) {
        Header found = record.headers().lastHeader(header);
        return found == null ? "" : DqHeaders.text(found.value());
    }

    /** Rows to partitions 0 and 1, every tenth one hostile; partition 2 stays idle. */
    static void send(KafkaProducer<byte[], byte[]> producer, StreamTopics t, int from, int to) throws Exception {
        List<byte @Nullable []> hostile = Samples.hostileValues();
        List<Future<?>> sent = new ArrayList<>();
        for (int i = from; i < to; i++) {
            byte[] value = i % 10 == 9 ? hostile.get(i / 10 % hostile.size()) : Samples.value(i);
            sent.add(producer.send(new ProducerRecord<>(
                    t.raw(),
                    i % 2,
                    1_600_000_000_000L + i,
                    i % 3 == 0 ? null : Samples.bytes("key" + i),
                    value,
                    List.of(
                            new RecordHeader("trace", Samples.bytes("t" + i)),
                            new RecordHeader("dq.decision", Samples.bytes("forged"))))));
        }
        producer.flush();
        for (Future<?> one : sent) {
            one.get();
        }
    }
}
