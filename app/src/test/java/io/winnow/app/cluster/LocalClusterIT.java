package io.winnow.app.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.winnow.app.Failure;
import io.winnow.app.cluster.ClusterState.RoleStatus;
import io.winnow.app.cluster.Role.Kind;
import io.winnow.core.topic.StreamTopics;
import io.winnow.hygiene.HygieneConfig;
import io.winnow.hygiene.HygieneJob;
import io.winnow.hygiene.HygieneStartException;
import io.winnow.monitoring.ledger.AuditReport;
import io.winnow.monitoring.ledger.ConservationAudit;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes, killed one after another while records come. Takes a minute or two, so not in every build. */
@Tag("quality")
class LocalClusterIT {
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final List<Role> KILLED =
            List.of(new Role(Kind.TASKMANAGER, 0), new Role(Kind.JOBMANAGER, 0), new Role(Kind.BROKER, 0));

    @TempDir
    Path directory;

    private final Random random = new Random(5);

    @Test
    void what_dies_is_started_again_and_no_record_is_lost_or_has_two_verdicts() throws Exception {
        int sent = 0;
        try (LocalCluster cluster = LocalCluster.up(Plans.order(directory, 1, 1, Set.of()), false, line -> {})) {
            Map<String, Object> settings = new HashMap<>(cluster.kafka());
            settings.put("delivery.timeout.ms", (int) PATIENCE.toMillis());
            try (KafkaProducer<byte[], byte[]> producer =
                    new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
                for (Role role : KILLED) {
                    sent += send(producer, 2_000);
                    long pid = cluster.process(role).orElseThrow().pid();
                    cluster.kill(role);
                    sent += send(producer, 2_000);
                    cluster.await(state -> state.isWhole() && pid(state, role) != pid, PATIENCE);
                }
            }
            awaitVerdicts(cluster, sent);
            secondJobIsRefused(cluster);
            assertThat(RoleProcesses.alive(cluster.plan().home()))
                    .hasSize(cluster.plan().roles().size());
        }
        assertThat(RoleProcesses.alive(ClusterPlan.home(directory))).isEmpty();
    }

    private static long pid(ClusterState state, Role role) {
        return state.roles().stream()
                .filter(r -> r.role().equals(role))
                .mapToLong(RoleStatus::pid)
                .sum();
    }

    private int send(KafkaProducer<byte[], byte[]> producer, int count) throws Exception {
        List<Future<RecordMetadata>> acknowledged = IntStream.range(0, count)
                .mapToObj(i -> producer.send(new ProducerRecord<>("mill.raw", row())))
                .toList();
        producer.flush();
        for (Future<RecordMetadata> one : acknowledged) {
            one.get();
        }
        return count;
    }

    private byte[] row() {
        double power = 50 + 5 * random.nextGaussian();
        return String.format(
                        Locale.ROOT,
                        "{\"unit\":\"u%d\",\"power\":%.3f,\"flow\":%.3f}",
                        random.nextInt(4),
                        power,
                        power / 2 + random.nextGaussian())
                .getBytes(StandardCharsets.UTF_8);
    }

    private static void awaitVerdicts(LocalCluster cluster, int sent) {
        AuditReport[] last = new AuditReport[1];
        cluster.await(
                state -> {
                    last[0] = ConservationAudit.audit("mill", cluster.kafka());
                    return last[0].raw() == sent && last[0].pending() == 0;
                },
                PATIENCE);
        assertThat(last[0].missing()).isZero();
        assertThat(last[0].duplicated()).isZero();
        assertThat(last[0].conserved()).isTrue();
    }

    private static void secondJobIsRefused(LocalCluster cluster) {
        ClusterPlan.Stream stream = cluster.plan().streams().get(0);
        HygieneConfig second = new HygieneConfig(
                stream.contract(),
                cluster.kafka(),
                1,
                Duration.ofSeconds(1),
                true,
                Path.of(cluster.plan().directory(), "elsewhere"),
                1);
        assertThat(StreamTopics.of(stream.contract()).leases()).isEqualTo("mill.leases");
        assertThatThrownBy(() -> HygieneJob.prepare(second, false))
                .isInstanceOf(HygieneStartException.class)
                .hasMessageContaining("runs already");
        assertThatThrownBy(() -> cluster.kill(new Role(Kind.BROKER, 2)))
                .isInstanceOf(Failure.class)
                .hasMessage("broker-3 does not run");
    }
}
