package io.winnow.hygiene.kafka;

import static io.winnow.hygiene.kafka.JobHarness.await;
import static io.winnow.hygiene.kafka.JobHarness.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.core.contract.Breaker;
import io.winnow.core.contract.Hygiene;
import io.winnow.core.contract.OnRegimeChange;
import io.winnow.core.review.GoAhead;
import io.winnow.core.topic.DqHeaders;
import io.winnow.core.topic.StreamTopics;
import io.winnow.hygiene.HygieneConfig;
import io.winnow.hygiene.Samples;
import io.winnow.hygiene.checkpoint.Checkpoints;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.JobID;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A source sends garbage: the job stops judging it, is killed, is still stopped, and goes on when told; nothing is lost. */
@Timeout(value = 240, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BreakerIT {
    private static final int GOOD = 300;
    private static final int GARBAGE = 20_000;

    @Test
    void aStoppedJobTakesCheckpointsAndLosesNothing(@TempDir Path directory) throws Exception {
        try (JobHarness harness = new JobHarness(directory)) {
            StreamTopics t = harness.createTopics("garbage", Map.of());
            HygieneConfig usual = harness.config("garbage", Duration.ofMillis(300));
            HygieneConfig config = new HygieneConfig(
                    usual.contract().with(new Hygiene(10, OnRegimeChange.ADAPT, new Breaker(0.9, Breaker.Action.STOP))),
                    usual.kafka(),
                    2,
                    Duration.ofMillis(300),
                    true,
                    usual.checkpointDir(),
                    1);
            try (KafkaProducer<byte[], byte[]> producer = harness.producer();
                    TopicLog verdicts = harness.committed(t.clean(), t.quarantine())) {
                for (int i = 0; i < GOOD + GARBAGE; i++) {
                    byte[] value = i < GOOD ? Samples.value(i) : Samples.bytes("not json");
                    producer.send(new ProducerRecord<>(t.raw(), i % 2, null, value));
                }
                producer.flush();
                JobID job = harness.submit(config);
                // Each of the two subtasks stops by itself; what it has judged is committed, and it is idle, not stuck.
                await("garbage is judged, and committed", () -> verdicts.read().size() > GOOD);
                awaitCheckpoints(config, 6);
                int judged = verdicts.read().size();
                assertThat(judged).isLessThan(GOOD + GARBAGE / 2);
                awaitCheckpoints(config, 4);
                assertThat(verdicts.read()).hasSize(judged);

                harness.cancel(job);
                job = harness.submit(config);
                awaitCheckpoints(config, 4);
                assertThat(verdicts.read()).as("after a restart").hasSize(judged);

                producer.send(new ProducerRecord<>(
                                t.audit(),
                                new GoAhead("garbage", "one", Instant.EPOCH, "ada", "it is mended").encode()))
                        .get();
                await("all verdicts", () -> verdicts.read().size() >= GOOD + GARBAGE);
                assertThat(verdicts.read())
                        .extracting(v -> text(v, DqHeaders.ID))
                        .doesNotHaveDuplicates();
                assertThat(verdicts.read()).hasSize(GOOD + GARBAGE);
                harness.cancel(job);
            }
        }
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
