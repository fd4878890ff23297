package io.winnow.app.flink;

import io.winnow.app.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.executiongraph.AccessExecutionGraph;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.runtime.minicluster.RpcServiceSharing;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A Flink cluster in this JVM, with everything that it binds on 127.0.0.1. */
public final class FlinkCluster implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FlinkCluster.class);
    private static final long LAST_CHECKPOINT_S = 20;
    private static final long STOP_S = 20;
    private static final long START_S = 90;

    private final MiniCluster cluster;
    private final List<JobID> jobs = new ArrayList<>();

    private FlinkCluster(MiniCluster cluster) {
        this.cluster = cluster;
    }

    /**
     * Starts a cluster.
     *
     * @param slots how many subtasks of each operator can run at once, over all jobs
     * @param metricsPort of Prometheus metrics on 127.0.0.1, free
     * @throws Failure if it does not start
     */
    public static FlinkCluster start(int slots, int metricsPort) {
        Configuration c = new Configuration();
        c.set(RestOptions.BIND_ADDRESS, "127.0.0.1");
        c.set(RestOptions.ADDRESS, "127.0.0.1");
        c.set(RestOptions.BIND_PORT, "0");
        c.set(JobManagerOptions.BIND_HOST, "127.0.0.1");
        c.set(TaskManagerOptions.BIND_HOST, "127.0.0.1");
        c.set(TaskManagerOptions.NETWORK_MEMORY_MIN, MemorySize.ofMebiBytes(64));
        c.set(TaskManagerOptions.NETWORK_MEMORY_MAX, MemorySize.ofMebiBytes(64));
        c.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(8));
        c.setString(
                "metrics.reporter.winnow.factory.class",
                "org.apache.flink.metrics.prometheus.LoopbackPrometheusReporterFactory");
        c.setString("metrics.reporter.winnow.port", "" + metricsPort);
        MiniCluster cluster = new MiniCluster(new MiniClusterConfiguration.Builder()
                .setConfiguration(c)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(slots)
                .setRpcServiceSharing(RpcServiceSharing.SHARED)
                .setCommonBindAddress("127.0.0.1")
                .build());
        try {
            cluster.start();
            return new FlinkCluster(cluster);
        } catch (Exception e) {
            cluster.closeAsync();
            throw new Failure("Flink did not start: " + e.getMessage(), e);
        }
    }

    /**
     * Submits a job.
     *
     * @throws Failure if it is not accepted
     */
    public JobID submit(JobGraph job) {
        try {
            JobID id = cluster.submitJob(job).get().getJobID();
            jobs.add(id);
            awaitRunning(id, job.getName());
            return id;
        } catch (ExecutionException e) {
            throw new Failure("the job " + job.getName() + " did not start: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure("interrupted while the job " + job.getName() + " started", e);
        }
    }

    /** Records that arrive before every task runs would wait in a queue, and be judged by the first profile alone. */
    private void awaitRunning(JobID id, String name) throws ExecutionException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_S);
        while (!isRunning(cluster.getExecutionGraph(id).get())) {
            if (System.nanoTime() > end) {
                throw new Failure(
                        "the job " + name + " does not run after " + START_S + " s; the log says what it waits for");
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    private static boolean isRunning(AccessExecutionGraph graph) {
        return graph.getAllVertices().values().stream()
                .allMatch(vertex -> vertex.getAggregateState() == ExecutionState.RUNNING);
    }

    /** Takes a last checkpoint of each job, so that the next start has nothing to repeat, and stops. */
    @Override
    public void close() {
        for (JobID job : jobs) {
            quietly("a last checkpoint", LAST_CHECKPOINT_S, () -> cluster.triggerCheckpoint(job));
        }
        for (JobID job : jobs) {
            quietly("cancelling", STOP_S, () -> cluster.cancelJob(job));
            quietly("the job's end", STOP_S, () -> cluster.requestJobResult(job));
        }
        quietly("Flink's end", STOP_S, cluster::closeAsync);
    }

    private static void quietly(
            String what, long seconds, java.util.function.Supplier<java.util.concurrent.CompletableFuture<?>> call) {
        try {
            call.get().get(seconds, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
            LOG.warn("while stopping: {} failed: {}", what, e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
