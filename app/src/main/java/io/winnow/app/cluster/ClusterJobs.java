package io.winnow.app.cluster;

import io.winnow.app.Failure;
import io.winnow.app.cluster.ClusterState.JobStatus;
import io.winnow.hygiene.HygieneJob;
import io.winnow.hygiene.checkpoint.Checkpoints;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What commands do with the jobs of a cluster that runs: stop them with savepoints, and go on at another parallelism. */
public final class ClusterJobs {
    private static final long LOOK_EVERY_MS = 200;
    private static final long GO_ON_S = 180;

    private ClusterJobs() {}

    /**
     * Stops every job with a savepoint and goes on from it at this parallelism; returns when all run.
     *
     * @return each stream's savepoint
     * @throws Failure if there is no cluster, it has too few slots, or a job does not stop or go on
     */
    public static Map<String, Path> rescale(Path data, int parallelism) throws InterruptedException {
        ClusterPlan plan = watched(data);
        int slots = plan.flink().slots() * plan.flink().taskManagerMetrics().size();
        int needed = parallelism * plan.streams().size();
        if (parallelism < 1 || needed > slots) {
            throw new Failure("the cluster has " + slots + " slots, and "
                    + plan.streams().size()
                    + " stream(s) at parallelism " + parallelism + " need " + needed
                    + "; give a number from 1 to " + slots / plan.streams().size()
                    + ", or start it with more --taskmanagers");
        }
        ClusterState before = state(plan);
        Map<String, Path> savepoints;
        try (JobHold hold = JobHold.on(plan.home())) {
            savepoints = stop(plan);
            ClusterFiles.write(plan.home(), plan.at(parallelism));
        }
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(GO_ON_S);
        while (!state(plan).jobs().stream().allMatch(job -> isNewer(job, before))) {
            if (System.nanoTime() > deadline) {
                throw new Failure("the jobs do not go on; 'winnow cluster status' says why, and the savepoints are "
                        + savepoints.values());
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MS);
        }
        return savepoints;
    }

    private static boolean isNewer(JobStatus job, ClusterState before) {
        return job.state().equals(JobStatus.RUNNING)
                && before.jobs().stream()
                        .filter(b -> b.stream().equals(job.stream()))
                        .allMatch(b -> job.submissions() > b.submissions());
    }

    /**
     * Stops every job with a savepoint; whoever calls this holds them.
     *
     * @throws Failure if one does not stop
     */
    static Map<String, Path> stop(ClusterPlan plan) {
        Map<String, Path> savepoints = new LinkedHashMap<>();
        try (JobManagerClient jobManager = new JobManagerClient(plan, ClusterKeys.in(plan.home()))) {
            Map<String, JobManagerClient.Job> jobs = jobManager.jobs();
            for (ClusterPlan.Stream stream : plan.streams()) {
                String name = stream.contract().stream();
                JobManagerClient.Job job = jobs.get(HygieneJob.name(name));
                if (job == null) {
                    throw new Failure("the job of stream " + name + " does not run; see 'winnow cluster status'");
                }
                savepoints.put(
                        name, jobManager.stopWithSavepoint(job.id(), Checkpoints.savepoints(plan.checkpoints(stream))));
            }
        }
        return savepoints;
    }

    /** The plan of the cluster that runs on a data directory. */
    static ClusterPlan watched(Path data) {
        if (!ClusterControl.isWatched(data)) {
            throw new Failure("no cluster runs on " + data + "; start one with 'winnow cluster up'");
        }
        return ClusterFiles.plan(ClusterPlan.home(data))
                .orElseThrow(() -> new Failure("the cluster on " + data + " has no plan; stop it and start again"));
    }

    private static ClusterState state(ClusterPlan plan) {
        return ClusterFiles.state(plan.home())
                .orElseThrow(() -> new Failure("the cluster on " + plan.directory() + " was stopped"));
    }
}
