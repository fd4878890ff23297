package io.winnow.faults.kinds;

import io.winnow.app.Failure;
import io.winnow.app.cluster.ClusterControl;
import io.winnow.app.cluster.ClusterOrder;
import io.winnow.app.cluster.ClusterState;
import io.winnow.app.cluster.ClusterState.RoleState;
import io.winnow.app.cluster.ClusterState.RoleStatus;
import io.winnow.app.config.RunConfigReader;
import io.winnow.app.kafka.Ports;
import io.winnow.faults.FaultKind;
import io.winnow.faults.result.Outcome;
import io.winnow.faults.world.Child;
import io.winnow.faults.world.LedgerPage;
import io.winnow.faults.world.Patience;
import io.winnow.faults.world.Run;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Processes of {@code winnow cluster}, killed and paused. */
final class ClusterFaults {
    private static final Duration PATIENCE = Duration.ofSeconds(180);

    static final List<FaultKind> KINDS = List.of(
            new FaultKind(
                    "cluster-taskmanagers-killed",
                    "SIGKILL of one of two TaskManagers, twenty times in a million records",
                    1,
                    run -> killed(run, 1, 20, 7_000, List.of("taskmanager-1", "taskmanager-2"))),
            new FaultKind(
                    "cluster-jobmanager-killed",
                    "SIGKILL of the JobManager, twenty times in a million records",
                    1,
                    run -> killed(run, 1, 20, 4_000, List.of("jobmanager"))),
            new FaultKind(
                    "cluster-broker-killed",
                    "SIGKILL of the only broker, ten times in a million records",
                    1,
                    run -> killed(run, 1, 10, 6_000, List.of("broker-1"))),
            new FaultKind(
                    "cluster-brokers-rolling",
                    "SIGKILL of one of three brokers every 30 s for five minutes; three copies, two in sync",
                    1,
                    ClusterFaults::rolling),
            new FaultKind(
                    "cluster-paused", "SIGSTOP of each process for 30 s, one after another", 1, ClusterFaults::paused),
            new FaultKind(
                    "cluster-night",
                    "SIGSTOP of all processes at once for 20 s, three times, or once for -Dminutes",
                    1,
                    ClusterFaults::night));

    private ClusterFaults() {}

    /** Starts a cluster for a run; it ends with the run. */
    static Path up(Run run, int brokers) throws Exception {
        Files.createDirectories(run.directory());
        Path contract = run.directory().resolve(run.stream() + ".yaml");
        Files.writeString(contract, run.yaml());
        Path config = run.directory().resolve("cluster.yaml");
        Files.writeString(config, """
                streams: [%s]
                flink: {parallelism: 2, checkpoint-seconds: 1}
                ports: {kafka: %d}
                """.formatted(contract.getFileName(), Ports.free(0, "the cluster's Kafka")));
        Path data = run.directory().resolve("data");
        run.closing(() -> ClusterControl.down(data));
        ClusterState state = ClusterControl.up(
                new ClusterOrder(RunConfigReader.read(config), data, brokers, 2, ClusterOrder.ALL_EXTRAS, run.seed()),
                false,
                s -> {});
        run.on(Map.of("bootstrap.servers", state.bootstrap()));
        return data;
    }

    private static ClusterState state(Path data) {
        return ClusterControl.status(data).orElseThrow(() -> new IllegalStateException("no cluster runs on " + data));
    }

    /** Waits until a process answers. */
    static void awaitUp(Path data, String role) throws Exception {
        Patience.await(role + " is up", PATIENCE, () -> role(data, role).state() == RoleState.UP);
    }

    static RoleStatus role(Path data, String role) {
        return state(data).roles().stream()
                .filter(r -> r.role().name().equals(role))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("there is no " + role));
    }

    /** SIGKILL of a process that lives. */
    static void kill(Run run, Path data, String role) throws Exception {
        Patience.await(role + " can be killed", PATIENCE, () -> {
            try {
                ClusterControl.kill(data, role);
                return true;
            } catch (Failure e) {
                // It is being started again.
                return false;
            }
        });
        run.harmed();
    }

    private static Outcome killed(Run run, int brokers, int kills, int perSecond, List<String> roles) throws Exception {
        Path data = up(run, brokers);
        run.patience(Duration.ofMinutes(6)).watch();
        run.send(1_000_000, perSecond);
        for (int i = 0; i < kills; i++) {
            TimeUnit.MILLISECONDS.sleep(1_500 + run.random().nextInt(5_000));
            String role = roles.get(run.random().nextInt(roles.size()));
            awaitUp(data, role);
            kill(run, data, role);
        }
        return settle(run, data);
    }

    private static Outcome rolling(Run run) throws Exception {
        Path data = up(run, 3);
        run.patience(Duration.ofMinutes(6)).watch();
        run.send(600_000, 2_000);
        for (int i = 0; i < 10; i++) {
            String broker = "broker-" + (1 + i % 3);
            awaitUp(data, broker);
            kill(run, data, broker);
            TimeUnit.SECONDS.sleep(30);
        }
        return settle(run, data);
    }

    private static Outcome paused(Run run) throws Exception {
        Path data = up(run, 1);
        run.patience(Duration.ofMinutes(6)).watch();
        List<String> roles = List.of("jobmanager", "taskmanager-1", "taskmanager-2", "broker-1", "desk", "ledger");
        run.send(400_000, 1_500);
        for (String role : roles) {
            awaitUp(data, role);
            List<Long> pid = List.of(role(data, role).pid());
            run.harmed();
            Child.signal("STOP", pid);
            TimeUnit.SECONDS.sleep(30);
            // Whoever was silent for too long may have been replaced meanwhile.
            if (ProcessHandle.of(pid.get(0)).isPresent()) {
                Child.signal("CONT", pid);
            }
            TimeUnit.SECONDS.sleep(8);
        }
        return settle(run, data);
    }

    private static Outcome night(Run run) throws Exception {
        Path data = up(run, 1);
        run.patience(Duration.ofMinutes(6)).watch();
        int minutes = Integer.getInteger("minutes", 0);
        int nights = minutes > 0 ? 1 : 3;
        long seconds = minutes > 0 ? TimeUnit.MINUTES.toSeconds(minutes) : 20;
        run.send(100_000, 2_500);
        for (int i = 0; i < nights; i++) {
            TimeUnit.MILLISECONDS.sleep(3_000 + run.random().nextInt(3_000));
            ClusterState state = state(data);
            List<Long> pids = Stream.concat(
                            Stream.of(state.supervisor()),
                            state.roles().stream().map(RoleStatus::pid))
                    .toList();
            run.harmed();
            Child.signal("STOP", pids);
            TimeUnit.SECONDS.sleep(seconds);
            Child.signal("CONT", pids);
        }
        run.explain(nights + " nights of " + seconds + " s");
        return settle(run, data);
    }

    /** Both oracles, and the cluster's own ledger. */
    static Outcome settle(Run run, Path data) throws Exception {
        Outcome outcome = run.settle();
        int port = role(data, "ledger").port();
        try {
            Patience.await(
                    "the cluster's ledger has counted all and is closed",
                    PATIENCE,
                    () -> LedgerPage.of(port)
                            .filter(page -> page.get("raw").asLong() == outcome.expected()
                                    && page.get("pending").asLong() == 0
                                    && page.get("conserved").asBoolean())
                            .isPresent());
        } catch (IllegalStateException e) {
            run.problem(e.getMessage() + ": "
                    + LedgerPage.of(port).map(Object::toString).orElse("no answer"));
        }
        return run.told(outcome);
    }
}
