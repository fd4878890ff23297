package io.winnow.app.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.winnow.app.Failure;
import io.winnow.app.config.RunConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterPlanTest {
    @TempDir
    Path directory;

    @Test
    void a_role_is_its_name() {
        for (Role role : Plans.order(directory, 3, 2).plan(null).roles()) {
            assertThat(Role.of(role.name())).isEqualTo(role);
        }
        for (String name :
                List.of("", "broker", "broker-0", "jobmanager-1", "desk-1", "taskmanager-01", "Broker-1", "x")) {
            assertThatThrownBy(() -> Role.of(name))
                    .isInstanceOf(Failure.class)
                    .hasMessageContaining("there is no role '" + name + "'")
                    .hasMessageContaining("winnow cluster status");
        }
    }

    @Test
    void a_plan_has_every_process_in_the_order_of_starting() {
        assertThat(Plans.order(directory, 3, 2).plan(null).roles())
                .extracting(Role::name)
                .containsExactly(
                        "broker-1",
                        "broker-2",
                        "broker-3",
                        "jobmanager",
                        "taskmanager-1",
                        "taskmanager-2",
                        "desk",
                        "ledger",
                        "gateway",
                        "trainer");
    }

    @Test
    void what_nobody_asked_for_is_not_there() {
        assertThat(Plans.order(directory, 1, 1, Set.of(Role.Kind.LEDGER))
                        .plan(null)
                        .roles())
                .extracting(Role::name)
                .containsExactly("broker-1", "jobmanager", "taskmanager-1", "desk", "ledger");
    }

    @Test
    void no_two_processes_have_one_port_and_none_lies_among_those_of_clients() {
        ClusterPlan plan = Plans.order(directory, 3, 4).plan(null);
        List<Integer> ports = new ArrayList<>();
        plan.roles().forEach(role -> ports.add(plan.port(role)));
        plan.brokers().forEach(b -> ports.add(b.controller()));
        ports.addAll(
                List.of(plan.flink().rpc(), plan.flink().blob(), plan.flink().metrics()));
        assertThat(ports).doesNotHaveDuplicates().allSatisfy(p -> assertThat(p).isBetween(1_024, 32_767));
    }

    @Test
    void a_plan_that_is_written_down_is_read_as_it_was_for_its_owner_alone() throws Exception {
        ClusterPlan plan = Plans.order(directory, 1, 2).plan("kafka-id");
        ClusterFiles.write(directory, plan);
        assertThat(ClusterFiles.plan(directory)).contains(plan);
        assertThat(Files.getPosixFilePermissions(directory.resolve("plan.json")))
                .allSatisfy(p -> assertThat(p.name()).startsWith("OWNER"));
        assertThat(ClusterFiles.plan(directory.resolve("absent"))).isEmpty();
        Files.writeString(directory.resolve("plan.json"), "{");
        assertThatThrownBy(() -> ClusterFiles.plan(directory))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("plan.json cannot be read");
    }

    @Test
    void three_brokers_need_two_for_a_record_and_one_needs_itself() {
        Map<String, String> three =
                Plans.order(directory, 3, 1).plan("x").node(1).settings();
        assertThat(three)
                .containsEntry("node.id", "2")
                .containsEntry("default.replication.factor", "3")
                .containsEntry("min.insync.replicas", "2")
                .containsEntry("transaction.state.log.replication.factor", "3")
                .containsEntry("transaction.state.log.min.isr", "2")
                .containsEntry("offsets.topic.replication.factor", "3");
        assertThat(three.get("controller.quorum.voters").split(",")).hasSize(3);
        assertThat(Plans.order(directory, 1, 1).plan("x").node(0).settings())
                .containsEntry("default.replication.factor", "1")
                .containsEntry("min.insync.replicas", "1")
                .containsEntry("transaction.state.log.min.isr", "1");
    }

    @Test
    void an_order_that_cannot_be_is_refused_with_one_line() {
        assertThatThrownBy(() -> Plans.order(directory, 2, 1)).hasMessage("--brokers must be 1 or 3, not 2");
        assertThatThrownBy(() -> Plans.order(directory, 1, 0)).hasMessageContaining("--taskmanagers");
        RunConfig config = Plans.config();
        RunConfig elsewhere = new RunConfig(
                config.streams(),
                Optional.empty(),
                Map.of("bootstrap.servers", "x:1"),
                config.flink(),
                config.trainer(),
                config.ports());
        assertThatThrownBy(() -> new ClusterOrder(elsewhere, directory, 1, 1, Set.of(), 1))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("brings its own brokers");
    }

    @Test
    void a_directory_of_another_kind_is_left_alone() throws Exception {
        Files.createDirectories(directory.resolve("kafka"));
        assertThatThrownBy(() -> LocalCluster.prepare(Plans.order(directory, 1, 1)))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("holds the data of 'winnow run'");
    }

    @Test
    void a_cluster_keeps_its_kafka_and_its_number_of_brokers() {
        ClusterPlan first = LocalCluster.prepare(Plans.order(directory, 3, 1));
        assertThat(LocalCluster.prepare(Plans.order(directory, 3, 2)).kafkaId()).isEqualTo(first.kafkaId());
        assertThatThrownBy(() -> LocalCluster.prepare(Plans.order(directory, 1, 1)))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("was made with 3 brokers");
    }

    @Test
    void every_kind_of_process_has_its_place_in_the_stop() {
        Set<Role.Kind> stopped = EnumSet.noneOf(Role.Kind.class);
        ClusterStop.ORDER.forEach(stopped::addAll);
        assertThat(stopped).containsExactlyInAnyOrder(Role.Kind.values());
        assertThat(ClusterStop.ORDER.get(ClusterStop.ORDER.size() - 1)).containsExactly(Role.Kind.BROKER);
    }
}
