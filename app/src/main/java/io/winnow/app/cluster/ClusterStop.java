package io.winnow.app.cluster;

import io.winnow.app.Failure;
import io.winnow.app.cluster.Role.Kind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stops a cluster in order, whoever watched it: first what takes records, then the jobs with a last checkpoint, then Flink,
 * then what reads topics, and Kafka last. What does not end in time is killed; nothing is left.
 */
final class ClusterStop {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterStop.class);
    static final List<List<Kind>> ORDER = List.of(
            List.of(Kind.GATEWAY),
            List.of(Kind.TASKMANAGER, Kind.JOBMANAGER),
            List.of(Kind.DESK, Kind.LEDGER, Kind.TRAINER),
            List.of(Kind.BROKER));
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private ClusterStop() {}

    /** Stops all processes of the cluster in {@code home} but its supervisor. Returns when none is left. */
    static void stop(Path home) {
        stop(home, ORDER.get(0));
        ClusterFiles.plan(home).ifPresent(plan -> {
            if (RoleProcesses.alive(home).containsKey(new Role(Kind.JOBMANAGER, 0).name())) {
                stopJobs(plan);
            }
        });
        ORDER.stream().skip(1).forEach(kinds -> stop(home, kinds));
    }

    private static void stopJobs(ClusterPlan plan) {
        try (JobManagerClient jobManager = new JobManagerClient(plan, ClusterKeys.in(plan.home()))) {
            jobManager.jobs().values().forEach(job -> jobManager.stop(job.id()));
        } catch (Failure e) {
            // The next start repeats a little more than it would have to.
            LOG.warn("jobs were not stopped in order: {}", e.getMessage());
        }
    }

    private static void stop(Path home, List<Kind> kinds) {
        List<ProcessHandle> processes = new ArrayList<>();
        for (Map.Entry<String, ProcessHandle> process :
                RoleProcesses.alive(home).entrySet()) {
            if (!process.getKey().equals(RoleProcesses.SUPERVISOR)
                    && kinds.contains(Role.of(process.getKey()).kind())) {
                processes.add(process.getValue());
            }
        }
        RoleProcesses.stop(processes, PATIENCE);
    }
}
