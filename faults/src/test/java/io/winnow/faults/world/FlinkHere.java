package io.winnow.faults.world;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;

/** A Flink cluster in this process with one TaskManager, so that whoever kills that one surely hits the job. */
public final class FlinkHere implements AutoCloseable {
    /** The highest parallelism of a job here. */
    public static final int SLOTS = 4;

    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final MiniCluster cluster;
    private int taskManager;

    private FlinkHere(MiniCluster cluster) {
        this.cluster = cluster;
    }

    /** Starts one. */
    public static FlinkHere start() throws Exception {
        Configuration c = new Configuration();
        c.set(RestOptions.BIND_ADDRESS, "127.0.0.1");
        c.set(RestOptions.ADDRESS, "127.0.0.1");
        c.set(RestOptions.BIND_PORT, "0");
        c.set(JobManagerOptions.BIND_HOST, "127.0.0.1");
        c.set(TaskManagerOptions.BIND_HOST, "127.0.0.1");
        c.set(TaskManagerOptions.NETWORK_MEMORY_MIN, MemorySize.ofMebiBytes(64));
        c.set(TaskManagerOptions.NETWORK_MEMORY_MAX, MemorySize.ofMebiBytes(64));
        c.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(8));
        MiniCluster cluster = new MiniCluster(new MiniClusterConfiguration.Builder()
                .setConfiguration(c)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(SLOTS)
                .build());
        cluster.start();
        return new FlinkHere(cluster);
    }

    /** Submits a job; it may not run yet. */
    public JobID submit(JobGraph graph) throws Exception {
        return cluster.submitJob(graph).get().getJobID();
    }

    /** Waits until all tasks of a job run. */
    public void awaitRunning(JobID job) throws Exception {
        Patience.await("the job runs", PATIENCE, () -> isRunning(job));
    }

    /** Whether all tasks of a job run. */
    public boolean isRunning(JobID job) throws Exception {
        var graph = cluster.getExecutionGraph(job).get();
        return graph.getState() == JobStatus.RUNNING
                && graph.getAllVertices().values().stream()
                        .allMatch(vertex -> vertex.getAggregateState() == ExecutionState.RUNNING);
    }

    /** How often a job was started again. */
    public long restarts(JobID job) throws Exception {
        return cluster.getExecutionGraph(job).get().getAllVertices().values().stream()
                .flatMap(v -> java.util.Arrays.stream(v.getTaskVertices()))
                .mapToLong(t -> t.getCurrentExecutionAttempt().getAttemptNumber())
                .max()
                .orElse(0);
    }

    /** Ends the TaskManager, and with it all tasks, and starts another. */
    public void replaceTaskManager() throws Exception {
        cluster.terminateTaskManager(taskManager++).get();
        cluster.startTaskManager();
    }

    /** Cancels a job, and returns when it has ended. */
    public void cancel(JobID job) throws Exception {
        if (cluster.getJobStatus(job).get().isGloballyTerminalState()) {
            return;
        }
        cluster.cancelJob(job).get();
        Patience.await(
                "the job ends", PATIENCE, () -> cluster.getJobStatus(job).get().isGloballyTerminalState());
    }

    /** Stops a job with a savepoint, and returns its path. */
    public String stop(JobID job, Path directory) throws Exception {
        String savepoint = cluster.stopWithSavepoint(
                        job, directory.toUri().toString(), false, SavepointFormatType.CANONICAL)
                .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        Patience.await(
                "the job ends", PATIENCE, () -> cluster.getJobStatus(job).get().isGloballyTerminalState());
        return savepoint;
    }

    @Override
    public void close() throws InterruptedException, ExecutionException, TimeoutException {
        cluster.closeAsync().get(60, TimeUnit.SECONDS);
    }
}
