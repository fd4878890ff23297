package io.winnow.hygiene.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.winnow.core.contract.Contract;
import io.winnow.core.contract.ContractReader;
import io.winnow.core.hygiene.Profile;
import io.winnow.core.review.Decision;
import io.winnow.core.topic.DqHeaders;
import io.winnow.core.topic.StreamTopics;
import io.winnow.hygiene.HygieneConfig;
import io.winnow.hygiene.HygieneJob;
import io.winnow.hygiene.HygieneStartException;
import io.winnow.hygiene.Samples;
import io.winnow.hygiene.checkpoint.Checkpoints;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The job on a real broker. Each test has a stream, so topics, of its own. */
@Timeout(value = 240, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HygieneJobIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int PARTITIONS = 3;

    @TempDir
    static Path directory;

    private static @Nullable Broker broker;
    private static @Nullable MiniCluster cluster;

    @BeforeAll
    static void start() throws Exception {
        broker = new Broker(directory.resolve("kafka"));
        cluster = new MiniCluster(new MiniClusterConfiguration.Builder()
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(8)
                .withRandomPorts()
                .build());
        cluster.start();
    }

    @AfterAll
    static void stop() throws Exception {
        if (cluster != null) {
            cluster.close();
        }
        if (broker != null) {
            broker.close();
        }
    }

    private static Map<String, String> kafka() {
        return Map.of("bootstrap.servers", broker.bootstrap());
    }

    private static Contract contract(String stream) {
        return new Contract(
                stream,
                Samples.GRID.key(),
                Samples.GRID.time(),
                Samples.GRID.features(),
                Samples.GRID.target(),
                Samples.GRID.hygiene(),
                Samples.GRID.training());
    }

    private static HygieneConfig config(Contract contract, Duration interval) {
        return new HygieneConfig(
                contract, kafka(), 2, interval, true, directory.resolve("checkpoints-" + contract.stream()), 1);
    }

    private static StreamTopics createTopics(String stream, Map<String, String> outputs) throws Exception {
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
                            new NewTopic(t.decisions(), 1, (short) 1)))
                    .all()
                    .get();
        }
        return t;
    }

    private static KafkaProducer<byte[], byte[]> producer() {
        return new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers", broker.bootstrap(),
                        "linger.ms", "5",
                        "max.request.size", "4194304",
                        "compression.type", "zstd"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private static JobID submit(HygieneConfig config) throws Exception {
        JobGraph graph = HygieneJob.prepare(config);
        cluster.submitJob(graph).get();
        return graph.getJobID();
    }

    private static void cancel(JobID job) throws Exception {
        cluster.cancelJob(job).get();
        await("the job ends", () -> status(job).isGloballyTerminalState());
    }

    private static JobStatus status(JobID job) {
        return cluster.getJobStatus(job).join();
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(deadline);
            Thread.sleep(20);
        }
    }

    /** Everything that is committed on these topics now. */
    private static List<ConsumerRecord<byte[], byte[]>> committed(String... topics) {
        try (Consumer<byte[], byte[]> consumer =
                Clients.consumer(kafka(), Map.of("isolation.level", "read_committed"))) {
            List<TopicPartition> partitions = Stream.of(topics)
                    .flatMap(t -> consumer.partitionsFor(t).stream())
                    .map(p -> new TopicPartition(p.topic(), p.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
            while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
                consumer.poll(Duration.ofMillis(100)).forEach(all::add);
            }
            return all;
        }
    }

    private static String text(ConsumerRecord<byte[], byte[]> record, String header) {
        Header found = record.headers().lastHeader(header);
        return found == null ? "" : DqHeaders.text(found.value());
    }

    private static void awaitVerdicts(StreamTopics t, int count) throws InterruptedException {
        await(count + " verdicts", () -> committed(t.clean(), t.quarantine()).size() >= count);
    }

    /** The law, and that nothing of the producer's was touched. */
    private static void assertConserved(StreamTopics t) {
        Map<String, ConsumerRecord<byte[], byte[]>> raw = new HashMap<>();
        committed(t.raw()).forEach(r -> raw.put(r.topic() + "/" + r.partition() + "/" + r.offset(), r));
        List<ConsumerRecord<byte[], byte[]>> verdicts = committed(t.clean(), t.quarantine());
        assertThat(verdicts.stream().map(v -> text(v, DqHeaders.ID))).containsExactlyInAnyOrderElementsOf(raw.keySet());
        for (ConsumerRecord<byte[], byte[]> v : verdicts) {
            ConsumerRecord<byte[], byte[]> r = raw.get(text(v, DqHeaders.ID));
            if (!text(v, DqHeaders.REASON).equals("TOO_LARGE")) {
                assertThat(v.value()).isEqualTo(r.value());
            }
            assertThat(v.key()).isEqualTo(r.key());
            assertThat(v.partition()).isEqualTo(r.partition());
            assertThat(v.timestamp()).isEqualTo(r.timestamp());
            assertThat(text(v, "dq.decision")).isEmpty();
            assertThat(text(v, "trace")).isEqualTo(text(r, "trace"));
        }
    }

    private static void send(KafkaProducer<byte[], byte[]> producer, StreamTopics t, int from, int to) {
        List<byte @Nullable []> hostile = Samples.hostileValues();
        for (int i = from; i < to; i++) {
            byte[] value = i % 10 == 9 ? hostile.get(i / 10 % hostile.size()) : Samples.value(i);
            producer.send(new ProducerRecord<>(
                    t.raw(),
                    i % 2, // partition 2 stays idle
                    1_600_000_000_000L + i,
                    i % 3 == 0 ? null : Samples.bytes("key" + i),
                    value,
                    List.of(
                            new RecordHeader("trace", Samples.bytes("t" + i)),
                            new RecordHeader("dq.decision", Samples.bytes("forged")))));
        }
        producer.flush();
    }

    @Test
    void every_record_has_one_verdict_across_restarts_from_retained_checkpoints() throws Exception {
        StreamTopics t = createTopics("restarts", Map.of("max.message.bytes", "4259840"));
        HygieneConfig config = config(contract("restarts"), Duration.ofMillis(300));
        int sent = 0;
        try (KafkaProducer<byte[], byte[]> producer = producer()) {
            for (int round = 0; round < 3; round++) {
                send(producer, t, sent, sent + 4_000);
                JobID job = submit(config);
                send(producer, t, sent + 4_000, sent + 8_000);
                // The first rounds end in the middle; the last one may finish.
                awaitVerdicts(t, round < 2 ? sent + 2_000 : sent + 8_000);
                sent += 8_000;
                if (round == 2) {
                    int all = sent;
                    await("offsets are committed", () -> committedOffsets(config, t) == all);
                    assertConserved(t);
                }
                cancel(job);
                assertThat(Checkpoints.newest(config.checkpointDir())).isPresent();
            }
        }
        assertConserved(t);
    }

    private static long committedOffsets(HygieneConfig config, StreamTopics t) {
        try (Admin admin = Admin.create(new HashMap<>(kafka()))) {
            return admin
                    .listConsumerGroupOffsets(config.groupId())
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .values()
                    .stream()
                    .mapToLong(o -> o.offset())
                    .sum();
        } catch (Exception e) {
            throw new IllegalStateException(t.raw(), e);
        }
    }

    @Test
    void three_rows_into_an_empty_stream_are_judged_and_a_release_is_learned() throws Exception {
        StreamTopics t = createTopics("cold", Map.of("max.message.bytes", "4259840"));
        JobID job = submit(config(contract("cold"), Duration.ofMillis(500)));
        try (KafkaProducer<byte[], byte[]> producer = producer()) {
            send(producer, t, 0, 3);
            awaitVerdicts(t, 3);
            assertConserved(t);
            await("what was accepted is learned", () -> newest(t).rows() >= 3);
            long learned = newest(t).rows();
            Decision release = new Decision(
                    "d1", t.raw() + "/0/1", Decision.Action.RELEASE, "ann", "2026-01-01T00:00:00Z", "fine");
            for (int i = 0; i < 2; i++) {
                producer.send(new ProducerRecord<>(t.decisions(), release.encode()));
            }
            producer.flush();
            await("the released row is learned", () -> newest(t).rows() > learned);
            assertThat(newest(t).rows()).isEqualTo(learned + 1);
        }
        cancel(job);
    }

    private static Profile newest(StreamTopics t) {
        Contract contract = contract(t.stream());
        try (var reader = new KafkaProfileChannel(kafka(), t.profiles()).reader(contract.hash())) {
            var newest = reader.newest();
            return newest == null ? io.winnow.core.hygiene.ProfileMaker.first(contract, List.of()) : newest.profile();
        }
    }

    @Test
    void profiles_are_found_by_name_and_followed() throws Exception {
        StreamTopics t = createTopics("profiles", Map.of());
        KafkaProfileChannel channel = new KafkaProfileChannel(kafka(), t.profiles());
        Contract contract = contract("profiles");
        Contract other = ContractReader.parse("stream: x\nfeatures: [{name: a, type: number}]\n", "x");
        List<Profile> made = new ArrayList<>();
        try (var publisher = channel.publisher();
                KafkaProducer<byte[], byte[]> producer = producer()) {
            for (int i = 1; i <= 40; i++) {
                made.add(io.winnow.core.hygiene.ProfileMaker.first(contract, rows(i)));
                publisher.publish(made.get(i - 1));
            }
            publisher.publish(io.winnow.core.hygiene.ProfileMaker.first(other, List.of()));
            producer.send(new ProducerRecord<>(t.profiles(), new byte[] {1}, new byte[] {2}))
                    .get();
            try (var reader = channel.reader(contract.hash())) {
                assertThat(reader.newest().profile().hash())
                        .isEqualTo(made.get(39).hash());
                assertThat(reader.find(made.get(2).hash(), 2).offset()).isEqualTo(2);
                assertThat(reader.find(made.get(2).hash(), 30).offset())
                        .as("the hint is wrong")
                        .isEqualTo(2);
                assertThat(reader.find("absent", 3)).isNull();
                List<String> followed = java.util.Collections.synchronizedList(new ArrayList<>());
                reader.follow(p -> followed.add(p.profile().hash()), e -> followed.add(e.toString()));
                Profile next = io.winnow.core.hygiene.ProfileMaker.first(contract, rows(50));
                publisher.publish(next);
                await("the new profile", () -> !followed.isEmpty());
                assertThat(followed).containsExactly(next.hash());
            }
        }
    }

    private static List<byte[]> rows(int n) {
        return Stream.iterate(0, i -> i + 1).limit(n).map(Samples::value).toList();
    }

    @Test
    void what_is_wrong_at_the_start_is_said_in_one_line() throws Exception {
        Contract contract = contract("absent");
        assertThatThrownBy(() -> HygieneJob.prepare(config(contract, Duration.ofSeconds(1))))
                .isInstanceOf(HygieneStartException.class)
                .hasMessageContaining("absent.raw")
                .hasMessageNotContaining("\n");
        HygieneConfig nobody = new HygieneConfig(
                contract, Map.of("bootstrap.servers", "127.0.0.1:1"), 2, Duration.ofSeconds(1), true, directory, 1);
        assertThatThrownBy(() -> HygieneJob.prepare(nobody))
                .isInstanceOf(HygieneStartException.class)
                .hasMessageContaining("127.0.0.1:1")
                .hasMessageNotContaining("\n");
    }
}
