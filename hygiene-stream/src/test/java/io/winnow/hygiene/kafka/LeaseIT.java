package io.winnow.hygiene.kafka;

import static io.winnow.hygiene.kafka.JobHarness.await;
import static io.winnow.hygiene.kafka.JobHarness.send;
import static io.winnow.hygiene.kafka.JobHarness.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.winnow.core.topic.StreamTopics;
import io.winnow.hygiene.HygieneConfig;
import io.winnow.hygiene.HygieneJob;
import io.winnow.hygiene.HygieneStartException;
import io.winnow.hygiene.lease.Lease;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One job for each stream: who comes second is refused, or takes over, and either way no record has two verdicts. */
class LeaseIT {
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
    void a_job_keeps_its_lease_through_restarts_until_another_takes_it_over() throws Exception {
        StreamTopics t = harness.createTopics("leased", Map.of());
        HygieneConfig config = harness.config("leased", Duration.ofMillis(300));
        try (KafkaProducer<byte[], byte[]> producer = harness.producer();
                TopicLog verdicts = harness.committed(t.clean(), t.quarantine())) {
            send(producer, t, 0, 300);
            JobID first = harness.submit(config);
            await("300 verdicts", () -> verdicts.read().size() >= 300);

            Instant before = Instant.now();
            assertThatThrownBy(() -> HygieneJob.prepare(config, false))
                    .isInstanceOf(HygieneStartException.class)
                    .hasMessageContaining("a job of stream leased runs already, started by process")
                    .hasMessageContaining("--take-over")
                    .hasMessageNotContaining("\n");
            assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofSeconds(10));

            harness.flink.terminateTaskManager(0).get();
            harness.flink.startTaskManager();
            send(producer, t, 300, 600);
            await("600 verdicts", () -> verdicts.read().size() >= 600);
            assertThat(harness.status(first)).isEqualTo(JobStatus.RUNNING);

            JobID second;
            try (HygieneJob.Prepared job = HygieneJob.prepare(config, true)) {
                assertThat(harness.status(first))
                        .as("whoever takes over starts when the other has stopped")
                        .isEqualTo(JobStatus.FAILED);
                harness.flink.submitJob(job.graph()).get();
                second = job.graph().getJobID();
            }
            assertThat(harness.flink.requestJobResult(first).get().getSerializedThrowable())
                    .get()
                    .satisfies(
                            e -> assertThat(e).hasStackTraceContaining("was taken over by a job started by process"));
            send(producer, t, 600, 900);
            await("900 verdicts", () -> verdicts.read().size() >= 900);
            harness.cancel(second);
            assertThat(verdicts.read()).hasSize(900);
            assertThat(verdicts.read()).extracting(v -> text(v, "trace")).doesNotHaveDuplicates();
        }
    }

    @Test
    void of_two_starts_at_once_one_wins() throws Exception {
        Callable<Lease> take = () -> Lease.take(harness.kafka(), "twice.leases", "twice", false);
        ExecutorService two = Executors.newFixedThreadPool(2);
        try {
            List<Future<Lease>> taken = two.invokeAll(List.of(take, take));
            int won = 0;
            for (Future<Lease> one : taken) {
                try {
                    one.get().abandon();
                    won++;
                } catch (ExecutionException e) {
                    assertThat(e.getCause())
                            .isInstanceOf(HygieneStartException.class)
                            .hasMessageContaining("runs already");
                }
            }
            assertThat(won).isEqualTo(1);
        } finally {
            two.shutdownNow();
        }
        Lease.take(harness.kafka(), "twice.leases", "twice", false).abandon();
    }
}
