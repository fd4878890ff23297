package io.winnow.hygiene.kafka;

import static io.winnow.hygiene.kafka.JobHarness.await;
import static io.winnow.hygiene.kafka.JobHarness.contract;
import static io.winnow.hygiene.kafka.JobHarness.send;
import static io.winnow.hygiene.kafka.JobHarness.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.core.hygiene.Profile;
import io.winnow.core.hygiene.ProfileMaker;
import io.winnow.core.topic.DqHeaders;
import io.winnow.core.topic.StreamTopics;
import io.winnow.hygiene.HygieneConfig;
import io.winnow.hygiene.Samples;
import io.winnow.hygiene.checkpoint.Checkpoints;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.flink.api.common.JobID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Under which profile a job judges: at the very first rows, and after it was killed. */
@Timeout(value = 240, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StartAndRestoreIT {
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

    @Test
    void three_rows_in_all_are_judged_without_any_checkpoint() throws Exception {
        StreamTopics t = harness.createTopics("still", Map.of());
        HygieneConfig config = harness.config("still", Duration.ofSeconds(90));
        JobID job = harness.submitWithoutCheckpoints(config);
        try (KafkaProducer<byte[], byte[]> producer = harness.producer();
                TopicLog written = harness.uncommitted(t.clean(), t.quarantine())) {
            send(producer, t, 0, 3);
            await("three verdicts", () -> written.read().size() >= 3);
            assertThat(written.read())
                    .hasSize(3)
                    .allSatisfy(v -> assertThat(text(v, DqHeaders.PROFILE)).isNotEmpty());
            String first = text(written.read().get(0), DqHeaders.PROFILE);
            try (TopicLog profiles = harness.committed(t.profiles())) {
                assertThat(profiles.read())
                        .extracting(p -> DqHeaders.text(p.key()))
                        .contains(first);
            }
        }
        assertThat(Checkpoints.newest(config.checkpointDir()))
                .as("nothing above waited for a checkpoint")
                .isEmpty();
        harness.cancel(job);
    }

    @Test
    void a_killed_job_goes_on_under_the_profile_of_its_checkpoint() throws Exception {
        StreamTopics t = harness.createTopics("killed", Map.of());
        HygieneConfig config = harness.config("killed", Duration.ofMillis(300));
        try (KafkaProducer<byte[], byte[]> producer = harness.producer();
                TopicLog verdicts = harness.committed(t.clean(), t.quarantine())) {
            send(producer, t, 0, 9);
            JobID job = harness.submit(config);
            await("all verdicts", () -> verdicts.read().size() == 9);
            // What was accepted is learned on the way to a checkpoint; then there is nothing more to learn.
            awaitCheckpoints(config, 3);
            String inForce = harness.newest(t).hash();
            awaitCheckpoints(config, 3);
            assertThat(harness.newest(t).hash()).isEqualTo(inForce);

            harness.flink.terminateTaskManager(0).get();
            harness.cancel(job);
            try (var publisher = new KafkaProfileChannel(harness.kafka(), t.profiles()).publisher()) {
                publisher.publish(foreign(t));
            }
            send(producer, t, 20, 22);
            harness.flink.startTaskManager();
            job = harness.submit(config);
            await("two more verdicts", () -> verdicts.read().size() == 11);
            List<ConsumerRecord<byte[], byte[]>> more = verdicts.read().subList(9, 11);
            assertThat(more).extracting(v -> text(v, "trace")).containsExactlyInAnyOrder("t20", "t21");
            assertThat(more).extracting(v -> text(v, DqHeaders.PROFILE)).containsOnly(inForce);
            harness.cancel(job);
        }
    }

    /** A profile of this stream that this job did not make; it is the newest on the topic. */
    private static Profile foreign(StreamTopics t) {
        return ProfileMaker.first(
                contract(t.stream()),
                IntStream.range(500, 600).mapToObj(Samples::value).toList());
    }

    private static void awaitCheckpoints(HygieneConfig config, int more) throws InterruptedException {
        long before = newest(config);
        await(more + " more checkpoints", () -> newest(config) >= before + more);
    }

    private static long newest(HygieneConfig config) {
        return Checkpoints.newest(config.checkpointDir())
                .map(path -> Long.parseLong(path.getFileName().toString().substring("chk-".length())))
                .orElse(0L);
    }
}
