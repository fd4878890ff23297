package io.winnow.hygiene.kafka;

import static io.winnow.hygiene.kafka.JobHarness.await;
import static io.winnow.hygiene.kafka.JobHarness.send;
import static io.winnow.hygiene.kafka.JobHarness.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.core.topic.StreamTopics;
import io.winnow.hygiene.HygieneConfig;
import io.winnow.hygiene.checkpoint.Checkpoints;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.JobID;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Stopped with a savepoint and gone on with at another parallelism: nothing lost, nothing twice, nothing left open. */
class RescaleIT {
    @TempDir
    static Path directory;

    private static HygieneConfig at(HygieneConfig config, int parallelism) {
        return new HygieneConfig(
                config.contract(),
                config.kafka(),
                parallelism,
                config.checkpointInterval(),
                config.exactlyOnce(),
                config.checkpointDir(),
                config.seed());
    }

    @Test
    void goes_on_from_a_savepoint_at_parallelism_2_and_4_and_1() throws Exception {
        try (JobHarness harness = new JobHarness(directory)) {
            StreamTopics t = harness.createTopics("scaled", Map.of());
            HygieneConfig config = harness.config("scaled", Duration.ofMillis(300));
            Path savepoints = Checkpoints.savepoints(config.checkpointDir());
            try (KafkaProducer<byte[], byte[]> producer = harness.producer();
                    TopicLog verdicts = harness.committed(t.clean(), t.quarantine())) {
                int sent = 0;
                for (int parallelism : new int[] {2, 4, 1}) {
                    send(producer, t, sent, sent + 400);
                    JobID job = harness.submit(at(config, parallelism));
                    // Some before the stop, some in the middle of it.
                    int some = sent + 100;
                    await(some + " verdicts", () -> verdicts.read().size() >= some);
                    send(producer, t, sent + 400, sent + 800);
                    sent += 800;
                    Path savepoint = Path.of(java.net.URI.create(harness.flink
                            .stopWithSavepoint(job, savepoints.toUri().toString(), false, SavepointFormatType.CANONICAL)
                            .get()));
                    assertThat(Checkpoints.newest(config.checkpointDir())).contains(savepoint);
                }
                JobID last = harness.submit(at(config, 2));
                int all = sent;
                await(all + " verdicts", () -> verdicts.read().size() >= all);
                harness.cancel(last);
                assertThat(verdicts.read()).hasSize(all);
                assertThat(verdicts.read()).extracting(v -> text(v, "trace")).doesNotHaveDuplicates();
            }
            try (Admin admin = Admin.create(new HashMap<>(harness.kafka()))) {
                await("no open transaction", () -> open(admin) == 0);
            }
        }
    }

    private static long open(Admin admin) {
        try {
            return admin.listTransactions().all().get().stream()
                    .map(TransactionListing::state)
                    .filter(s -> s == TransactionState.ONGOING || s == TransactionState.PREPARE_COMMIT)
                    .count();
        } catch (java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
