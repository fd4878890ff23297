package io.winnow.faults.world;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.MetricOptions;
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

    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static final ObjectMapper JSON = new ObjectMapper();
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
        c.set(MetricOptions.METRIC_FETCHER_UPDATE_INTERVAL, Duration.ofMillis(300));
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

    /**
     * A gauge of a job's operators, summed over all subtasks; 0 where nothing is known of it yet. What Flink says is a
     * moment old.
     *
     * @param name how its full name ends
     */
    public double gauge(JobID job, String name) throws Exception {
        URI rest = cluster.getRestAddress().get();
        double sum = 0;
        for (JsonNode vertex : get(rest, "/jobs/" + job).path("vertices")) {
            String metrics = "/jobs/" + job + "/vertices/" + vertex.path("id").asText() + "/metrics";
            List<String> ids = new ArrayList<>();
            get(rest, metrics).forEach(metric -> ids.add(metric.path("id").asText()));
            ids.removeIf(id -> !id.endsWith("." + name));
            if (!ids.isEmpty()) {
                String wanted = URLEncoder.encode(String.join(",", ids), StandardCharsets.UTF_8);
                for (JsonNode metric : get(rest, metrics + "?get=" + wanted)) {
                    sum += metric.path("value").asDouble();
                }
            }
        }
        return sum;
    }

    private static JsonNode get(URI rest, String path) throws IOException, InterruptedException {
        return JSON.readTree(
                HTTP.send(HttpRequest.newBuilder(rest.resolve(path)).build(), HttpResponse.BodyHandlers.ofString())
                        .body());
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
