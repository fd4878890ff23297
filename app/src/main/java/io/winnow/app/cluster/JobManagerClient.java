package io.winnow.app.cluster;

import io.winnow.app.Failure;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.client.deployment.StandaloneClusterId;
import org.apache.flink.client.program.rest.RestClusterClient;
import org.apache.flink.core.execution.CheckpointType;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.client.JobStatusMessage;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.util.ExceptionUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Talks to the JobManager over its REST interface, showing the cluster's certificate. */
final class JobManagerClient implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JobManagerClient.class);
    private static final long ANSWER_S = 10;
    private static final long CHECKPOINT_S = 30;
    private static final long SAVEPOINT_S = 120;
    private static final long SUBMIT_S = 40;

    private final RestClusterClient<StandaloneClusterId> client;

    /** A client of this plan's JobManager, whether it lives or not. */
    JobManagerClient(ClusterPlan plan, ClusterKeys keys) {
        try {
            client = new RestClusterClient<>(FlinkSettings.client(plan, keys), StandaloneClusterId.getInstance());
        } catch (Exception e) {
            throw new Failure("Flink's client cannot be made: " + e.getMessage(), e);
        }
    }

    /**
     * A job that has not ended.
     *
     * @param id Flink's name for it
     * @param state what Flink says
     */
    record Job(JobID id, JobStatus state) {}

    /**
     * Jobs that have not ended, by name.
     *
     * @throws Failure if the JobManager does not answer
     */
    Map<String, Job> jobs() {
        Map<String, Job> jobs = new HashMap<>();
        for (JobStatusMessage job : get(client.listJobs(), ANSWER_S)) {
            if (!job.getJobState().isGloballyTerminalState()) {
                jobs.put(job.getJobName(), new Job(job.getJobId(), job.getJobState()));
            }
        }
        return jobs;
    }

    /**
     * Whether every task of a job runs: while a job is being set up it has none, and none can fail to run.
     *
     * @throws Failure if the JobManager does not answer
     */
    boolean runs(JobID job) {
        var vertices = get(client.getJobDetails(job), ANSWER_S).getJobVertexInfos();
        return !vertices.isEmpty() && vertices.stream().allMatch(v -> v.getExecutionState() == ExecutionState.RUNNING);
    }

    /**
     * Submits a job.
     *
     * @throws Failure if it is not accepted, or the JobManager does not answer; it may have been accepted all the same
     */
    JobID submit(JobGraph job) {
        return get(client.submitJob(job), SUBMIT_S);
    }

    /**
     * Takes a last checkpoint and cancels a job.
     *
     * @throws Failure if the JobManager does not answer
     */
    void stop(JobID job) {
        try {
            get(client.triggerCheckpoint(job, CheckpointType.DEFAULT), CHECKPOINT_S);
        } catch (Failure e) {
            // Without it the next start has more to repeat, no more.
            LOG.warn("no last checkpoint: {}", e.getMessage());
        }
        get(client.cancel(job), ANSWER_S);
        awaitEnd(job);
    }

    /**
     * Stops a job with a savepoint.
     *
     * @param directory where savepoints of its stream go
     * @return the savepoint
     * @throws Failure if it is not taken; the job runs on then
     */
    Path stopWithSavepoint(JobID job, Path directory) {
        String savepoint = get(
                client.stopWithSavepoint(job, false, directory.toUri().toString(), SavepointFormatType.CANONICAL),
                SAVEPOINT_S);
        awaitEnd(job);
        return Path.of(URI.create(savepoint));
    }

    private void awaitEnd(JobID job) {
        get(client.requestJobResult(job), CHECKPOINT_S);
    }

    private static <T> T get(CompletableFuture<T> answer, long seconds) {
        try {
            return answer.get(seconds, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            Throwable cause = ExceptionUtils.stripExecutionException(e);
            throw new Failure(
                    "the JobManager says: "
                            + String.valueOf(cause.getMessage())
                                    .lines()
                                    .findFirst()
                                    .orElse(""),
                    cause);
        } catch (TimeoutException e) {
            throw new Failure("the JobManager has not answered for " + seconds + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure("interrupted while waiting for the JobManager", e);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
