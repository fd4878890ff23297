package io.winnow.hygiene.kafka;

import static io.winnow.hygiene.kafka.JobHarness.await;
import static io.winnow.hygiene.kafka.JobHarness.contract;
import static io.winnow.hygiene.kafka.JobHarness.send;
import static io.winnow.hygiene.kafka.JobHarness.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.winnow.core.contract.Contract;
import io.winnow.core.contract.ContractReader;
import io.winnow.core.hygiene.Profile;
import io.winnow.core.hygiene.ProfileMaker;
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
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The job on a real broker. Each test has a stream, so topics, of its own. */
@Timeout(value = 240, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HygieneJobIT {
    private static final Map<String, String> ROOMY = Map.of("max.message.bytes", "4259840");

    @TempDir
    static Path directory;

    private static JobHarness harness;

    @BeforeAll
    static void start() throws Exception {
        harness = new JobHarness(directory);
    }

    @AfterAll
    static void stop() throws Exception {
        if (harness != null) {
            harness.close();
        }
    }

    /** The law, and that nothing of the producer's was touched. */
    private static void assertConserved(StreamTopics t) {
        Map<String, ConsumerRecord<byte[], byte[]>> raw = new HashMap<>();
        List<ConsumerRecord<byte[], byte[]>> verdicts;
        try (TopicLog sent = harness.committed(t.raw());
                TopicLog judged = harness.committed(t.clean(), t.quarantine())) {
            sent.read().forEach(r -> raw.put(r.topic() + "/" + r.partition() + "/" + r.offset(), r));
            verdicts = judged.read();
        }
        // Sorted: comparing in any order takes a time that grows with the square.
        assertThat(verdicts.stream().map(v -> text(v, DqHeaders.ID)).sorted())
                .isEqualTo(raw.keySet().stream().sorted().toList());
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

    @Test
    void every_record_has_one_verdict_across_restarts_from_retained_checkpoints() throws Exception {
        StreamTopics t = harness.createTopics("restarts", ROOMY);
        HygieneConfig config = harness.config("restarts", Duration.ofMillis(300));
        int sent = 0;
        try (KafkaProducer<byte[], byte[]> producer = harness.producer()) {
            for (int round = 0; round < 3; round++) {
                send(producer, t, sent, sent + 4_000);
                JobID job = harness.submit(config);
                send(producer, t, sent + 4_000, sent + 8_000);
                // The first rounds end in the middle; the last one may finish.
                harness.awaitVerdicts(t, round < 2 ? sent + 2_000 : sent + 8_000);
                sent += 8_000;
                if (round == 2) {
                    int all = sent;
                    await("offsets are committed", () -> committedOffsets(config, t) == all);
                    assertConserved(t);
                }
                harness.cancel(job);
                assertThat(Checkpoints.newest(config.checkpointDir())).isPresent();
            }
        }
        assertConserved(t);
    }

    private static long committedOffsets(HygieneConfig config, StreamTopics t) {
        try (Admin admin = Admin.create(new HashMap<>(harness.kafka()))) {
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
        StreamTopics t = harness.createTopics("cold", ROOMY);
        JobID job = harness.submit(harness.config("cold", Duration.ofMillis(500)));
        try (KafkaProducer<byte[], byte[]> producer = harness.producer()) {
            send(producer, t, 0, 3);
            harness.awaitVerdicts(t, 3);
            assertConserved(t);
            await("what was accepted is learned", () -> learnedRows(t) >= 3);
            long learned = learnedRows(t);
            Decision release = new Decision(
                    "d1", t.raw() + "/0/1", Decision.Action.RELEASE, "ann", "2026-01-01T00:00:00Z", "fine");
            for (int i = 0; i < 2; i++) {
                producer.send(new ProducerRecord<>(t.decisions(), release.encode()));
            }
            producer.flush();
            await("the released row is learned", () -> learnedRows(t) > learned);
            assertThat(learnedRows(t)).isEqualTo(learned + 1);
        }
        harness.cancel(job);
    }

    private static long learnedRows(StreamTopics t) {
        Profile newest = harness.newest(t);
        return newest == null ? 0 : newest.rows();
    }

    @Test
    void records_that_no_topic_takes_do_not_end_the_job() throws Exception {
        StreamTopics t = harness.createTopics("large", Map.of("max.message.bytes", "100000"));
        HygieneConfig config = harness.config("large", Duration.ofMillis(500));
        try (KafkaProducer<byte[], byte[]> producer = harness.producer()) {
            byte[] large = Samples.bytes("{\"note\":\"" + "x".repeat(3_000_000) + "\"}");
            send(producer, t, 0, 80);
            producer.send(new ProducerRecord<>(t.raw(), 0, null, large));
            producer.send(new ProducerRecord<>(t.raw(), 0, large, new byte[0]));
            send(producer, t, 100, 108);
        }
        JobID job = harness.submit(config);
        harness.awaitVerdicts(t, 90);
        try (TopicLog quarantine = harness.committed(t.quarantine())) {
            // One hostile value of 300,000 characters is among the first 80.
            assertThat(quarantine.read())
                    .filteredOn(r -> text(r, DqHeaders.REASON).equals("TOO_LARGE"))
                    .hasSize(3);
        }
        assertThat(config.sideDirectory())
                .isDirectoryContaining(p -> p.toString().endsWith("large.raw-0-40.value"));
        assertThat(harness.status(job)).isEqualTo(JobStatus.RUNNING);
        harness.cancel(job);
    }

    @Test
    void profiles_are_found_by_name_and_followed() throws Exception {
        StreamTopics t = harness.createTopics("profiles", Map.of());
        KafkaProfileChannel channel = new KafkaProfileChannel(harness.kafka(), t.profiles());
        Contract contract = contract("profiles");
        Contract other = ContractReader.parse("stream: x\nfeatures: [{name: a, type: number}]\n", "x");
        List<Profile> made = new ArrayList<>();
        try (var publisher = channel.publisher();
                KafkaProducer<byte[], byte[]> producer = harness.producer()) {
            for (int i = 1; i <= 40; i++) {
                made.add(ProfileMaker.first(contract, rows(i)));
                publisher.publish(made.get(i - 1));
            }
            publisher.publish(ProfileMaker.first(other, List.of()));
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
                List<String> followed = Collections.synchronizedList(new ArrayList<>());
                reader.follow(p -> followed.add(p.profile().hash()), e -> followed.add(e.toString()));
                Profile next = ProfileMaker.first(contract, rows(50));
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
        assertThatThrownBy(() -> HygieneJob.prepare(harness.config("absent", Duration.ofSeconds(1)), false))
                .isInstanceOf(HygieneStartException.class)
                .hasMessageContaining("absent.raw")
                .hasMessageNotContaining("\n");
        HygieneConfig nobody = new HygieneConfig(
                contract, Map.of("bootstrap.servers", "127.0.0.1:1"), 2, Duration.ofSeconds(1), true, directory, 1);
        assertThatThrownBy(() -> HygieneJob.prepare(nobody, false))
                .isInstanceOf(HygieneStartException.class)
                .hasMessageContaining("127.0.0.1:1")
                .hasMessageNotContaining("\n");
    }
}
