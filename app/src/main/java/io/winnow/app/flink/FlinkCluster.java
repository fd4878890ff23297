package io.winnow.app.flink;

import io.winnow.app.Failure;
import io.winnow.app.kafka.DiskShare;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.executiongraph.AccessExecutionGraph;
import org.apache.flink.runtime.executiongraph.ErrorInfo;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobmaster.JobResult;
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
    private static final long LOOK_EVERY_S = 15;
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);

    private final MiniCluster cluster;
    private final Map<JobID, CompletableFuture<JobResult>> jobs = new LinkedHashMap<>();
    private final Map<JobID, Future<?>> watches = new ConcurrentHashMap<>();
    private final CompletableFuture<Failure> failure = new CompletableFuture<>();
    private final Consumer<String> warnings;
    private final ScheduledExecutorService looker = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "job-watch");
        thread.setDaemon(true);
        return thread;
    });
    private volatile boolean closing;

    private FlinkCluster(MiniCluster cluster, Consumer<String> warnings) {
        this.cluster = cluster;
        this.warnings = warnings;
    }

    /**
     * Starts a cluster.
     *
     * @param slots how many subtasks of each operator can run at once, over all jobs
     * @param metricsPort of Prometheus metrics on 127.0.0.1, free
     * @param warnings takes a line when a job does not come to run again, from another thread
     * @param disk shown among the metrics, if there is a broker here that has a share of it
     * @throws Failure if it does not start
     */
    public static FlinkCluster start(int slots, int metricsPort, Optional<DiskShare> disk, Consumer<String> warnings) {
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
        disk.ifPresent(share -> {
            c.setString("metrics.reporter.winnow.disk-log", share.log().toString());
            c.setString("metrics.reporter.winnow.disk-cap-bytes", "" + share.capBytes());
        });
        MiniCluster cluster = new HeadlessMiniCluster(new MiniClusterConfiguration.Builder()
                .setConfiguration(c)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(slots)
                .setRpcServiceSharing(RpcServiceSharing.SHARED)
                .setCommonBindAddress("127.0.0.1")
                .build());
        try {
            cluster.start();
            return new FlinkCluster(cluster, warnings);
        } catch (Exception e) {
            cluster.closeAsync();
            throw new Failure("Flink did not start: " + e.getMessage(), e);
        }
    }

    /**
     * Submits a job and returns when all of it runs.
     *
     * @param stream whose job it is, for errors
     * @throws Failure if it is not accepted or does not come to run
     */
    public JobID submit(String stream, JobGraph job) {
        try {
            JobID id = cluster.submitJob(job).get().getJobID();
            CompletableFuture<JobResult> end = cluster.requestJobResult(id);
            jobs.put(id, end);
            awaitRunning(stream, id, end);
            watch(stream, id);
            end.whenComplete((result, e) -> {
                // Whoever stops a job ends its watch first.
                if (!closing && watches.containsKey(id)) {
                    failure.complete(JobEnds.failure(stream, result, e));
                }
            });
            return id;
        } catch (ExecutionException e) {
            throw JobEnds.failure(stream, null, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure("interrupted while the hygiene job of stream " + stream + " started", e);
        }
    }

    private void watch(String stream, JobID id) {
        RestartWatch watch = new RestartWatch(stream);
        Runnable look = () -> cluster.getExecutionGraph(id).thenAccept(graph -> {
            ErrorInfo last = graph.getFailureInfo();
            watch.look(isRunning(graph), last == null ? null : last.getException())
                    .filter(line -> !closing && watches.containsKey(id))
                    .ifPresent(this::warn);
        });
        watches.put(id, looker.scheduleWithFixedDelay(look, LOOK_EVERY_S, LOOK_EVERY_S, TimeUnit.SECONDS));
    }

    private void warn(String line) {
        LOG.warn("{}", line);
        warnings.accept("warning: " + line);
    }

    /** Completes when a job ends that nobody stopped: Flink has given it up, or is itself gone. */
    public CompletableFuture<Failure> failure() {
        return failure.copy();
    }

    /** Records that arrive before every task runs would wait in a queue, and be judged by the first profile alone. */
    private void awaitRunning(String stream, JobID id, CompletableFuture<JobResult> end)
            throws ExecutionException, InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_S);
        while (!isRunning(cluster.getExecutionGraph(id).get())) {
            if (System.nanoTime() > deadline) {
                throw new Failure("the hygiene job of stream " + stream + " does not run after " + START_S
                        + " s; the log says what it waits for");
            }
            try {
                throw JobEnds.failure(stream, end.get(BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS), null);
            } catch (TimeoutException e) {
                // It has not ended: look again.
            }
        }
    }

    /** While a job is being set up it has no vertices, and none of them can fail to run. */
    private static boolean isRunning(AccessExecutionGraph graph) {
        return graph.getState() == JobStatus.RUNNING
                && graph.getAllVertices().values().stream()
                        .allMatch(vertex -> vertex.getAggregateState() == ExecutionState.RUNNING);
    }

    /** Takes a last checkpoint of a job and stops it; the others run on. */
    public void stop(JobID job) {
        Future<?> watch = watches.remove(job);
        CompletableFuture<JobResult> end = jobs.remove(job);
        if (watch == null || end == null) {
            return;
        }
        watch.cancel(false);
        checkpoint(job);
        cancel(job, end);
    }

    private void checkpoint(JobID job) {
        quietly("a last checkpoint", LAST_CHECKPOINT_S, () -> cluster.triggerCheckpoint(job));
    }

    private void cancel(JobID job, CompletableFuture<JobResult> end) {
        quietly("cancelling", STOP_S, () -> cluster.cancelJob(job));
        quietly("the job's end", STOP_S, () -> end);
    }

    /** Takes a last checkpoint of each job, so that the next start has nothing to repeat, and stops. */
    @Override
    public void close() {
        closing = true;
        looker.shutdownNow();
        jobs.values().removeIf(CompletableFuture::isDone);
        jobs.keySet().forEach(this::checkpoint);
        jobs.forEach(this::cancel);
        quietly("Flink's end", STOP_S, cluster::closeAsync);
    }

    private static void quietly(String what, long seconds, Supplier<CompletableFuture<?>> call) {
        try {
            call.get().get(seconds, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
            LOG.warn("while stopping: {} failed: {}", what, e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
