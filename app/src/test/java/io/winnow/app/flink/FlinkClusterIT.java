package io.winnow.app.flink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.winnow.app.Failure;
import io.winnow.app.kafka.DiskShare;
import io.winnow.app.kafka.Ports;
import io.winnow.app.system.Listeners;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.runtime.jobgraph.JobGraph;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.apache.flink.runtime.rest.handler.RestHandlerSpecification;
import org.apache.flink.runtime.rest.handler.job.rescaling.RescalingTriggerHeaders;
import org.apache.flink.runtime.rest.messages.JobCancellationHeaders;
import org.apache.flink.runtime.rest.messages.JobClientHeartbeatHeaders;
import org.apache.flink.runtime.rest.messages.checkpoints.CheckpointTriggerHeaders;
import org.apache.flink.runtime.rest.messages.cluster.JobManagerProfilingHeaders;
import org.apache.flink.runtime.rest.messages.cluster.ShutdownHeaders;
import org.apache.flink.runtime.rest.messages.dataset.ClusterDataSetDeleteTriggerHeaders;
import org.apache.flink.runtime.rest.messages.job.JobResourcesRequirementsUpdateHeaders;
import org.apache.flink.runtime.rest.messages.job.JobSubmitHeaders;
import org.apache.flink.runtime.rest.messages.job.coordination.ClientCoordinationHeaders;
import org.apache.flink.runtime.rest.messages.job.savepoints.SavepointDisposalTriggerHeaders;
import org.apache.flink.runtime.rest.messages.job.savepoints.SavepointTriggerHeaders;
import org.apache.flink.runtime.rest.messages.job.savepoints.stop.StopWithSavepointTriggerHeaders;
import org.apache.flink.runtime.rest.messages.taskmanager.TaskManagerProfilingHeaders;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class FlinkClusterIT {
    /** Everything but GET that Flink's REST API documents, as its own classes describe it. */
    private static final List<RestHandlerSpecification> CHANGING = List.of(
            JobSubmitHeaders.getInstance(),
            JobCancellationHeaders.getInstance(),
            JobClientHeartbeatHeaders.getInstance(),
            JobResourcesRequirementsUpdateHeaders.INSTANCE,
            SavepointTriggerHeaders.getInstance(),
            SavepointDisposalTriggerHeaders.getInstance(),
            StopWithSavepointTriggerHeaders.getInstance(),
            CheckpointTriggerHeaders.getInstance(),
            RescalingTriggerHeaders.getInstance(),
            ClientCoordinationHeaders.getInstance(),
            ClusterDataSetDeleteTriggerHeaders.INSTANCE,
            JobManagerProfilingHeaders.getInstance(),
            TaskManagerProfilingHeaders.getInstance(),
            ShutdownHeaders.getInstance());

    @TempDir
    static Path folder;

    private static FlinkCluster cluster;
    private static int metrics;

    @BeforeAll
    static void start() throws IOException {
        Files.write(folder.resolve("00.log"), new byte[1234]);
        metrics = Ports.free(0, "the metrics");
        cluster = FlinkCluster.start(2, metrics, Optional.of(new DiskShare(folder, 5678)), line -> {});
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Test
    @Order(1)
    void nothingThatListensTakesAnythingButGet() throws Exception {
        assumeThat(Listeners.KNOWN).as("/proc/self/net").isTrue();
        JobID job = cluster.submit("endless", job("endless", i -> {
            Thread.sleep(100);
            return i;
        }));
        List<String> requests = new ArrayList<>(List.of("POST /jars/upload", "POST /jars/a.jar/run", "POST /metrics"));
        for (RestHandlerSpecification each : CHANGING) {
            String path = each.getTargetRestEndpointURL().replace(":jobid", job.toHexString());
            for (String version : List.of("", "/v1")) {
                requests.add(each.getHttpMethod() + " " + version + path);
            }
        }
        assertThat(requests).anyMatch(r -> r.startsWith("PATCH")).anyMatch(r -> r.startsWith("DELETE"));
        int refused = 0;
        for (InetSocketAddress listener : Listeners.ofThisProcess()) {
            // The blob server, which tasks fetch large parts of their job from, does not speak HTTP.
            if (firstLine(listener, requests.get(0)).isEmpty()) {
                continue;
            }
            for (String request : requests) {
                String answer = firstLine(listener, request);
                assertThat(answer).as(request + " at " + listener).matches("HTTP/1.1 40[0345] .*");
                refused++;
            }
        }
        // Flink's own server and the metrics' each answered all of them.
        assertThat(refused).isGreaterThanOrEqualTo(2 * requests.size());
        assertThat(cluster.failure()).isNotDone();
    }

    @Test
    @Order(2)
    void theMetricsShowTheShareOfTheDisk() throws Exception {
        HttpResponse<String> page = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + metrics + "/metrics"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(page.body())
                .contains("winnow_data_bytes 1234.0", "winnow_data_cap_bytes 5678.0", "flink_jobmanager");
    }

    @Test
    @Order(3)
    void aJobThatFailsForGoodIsToldInOneLine() throws Exception {
        Path failNow = folder.resolve("fail-now");
        String flag = failNow.toString();
        cluster.submit("brittle", job("brittle", i -> {
            Thread.sleep(20);
            if (Files.exists(Path.of(flag))) {
                throw new IllegalStateException("the disk is full\nand more");
            }
            return i;
        }));
        assertThat(cluster.failure()).isNotDone();
        Files.createFile(failNow);
        Failure failure = cluster.failure().get(30, TimeUnit.SECONDS);
        assertThat(failure)
                .hasMessageStartingWith("the hygiene job of stream brittle failed for good (")
                .hasMessageContaining("the disk is full)")
                .hasMessageContaining("start again")
                .message()
                .doesNotContain("\n");
    }

    @Test
    @Order(4)
    void aJobThatCannotBeSetUpIsRefusedAtOnce() {
        JobGraph job = job("broken", i -> i);
        job.setSavepointRestoreSettings(SavepointRestoreSettings.forPath(
                folder.resolve("nothing-here").toUri().toString()));
        long start = System.nanoTime();
        assertThatThrownBy(() -> cluster.submit("broken", job))
                .isInstanceOf(Failure.class)
                .hasMessageContaining("the hygiene job of stream broken failed for good (")
                .message()
                .doesNotContain("\n");
        assertThat(System.nanoTime() - start).isLessThan(TimeUnit.SECONDS.toNanos(30));
    }

    private static JobGraph job(String name, MapFunction<Long, Long> step) {
        Configuration settings = new Configuration();
        settings.set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        StreamExecutionEnvironment env = new StreamExecutionEnvironment(settings);
        env.setParallelism(1);
        env.fromSequence(0, Long.MAX_VALUE).map(step).sinkTo(new DiscardingSink<>());
        return env.getStreamGraph().getJobGraph();
    }

    /** What a listener answers first; empty if it says nothing that ends with a line. */
    private static String firstLine(InetSocketAddress listener, String request) throws IOException {
        try (Socket socket = new Socket(listener.getAddress(), listener.getPort())) {
            socket.setSoTimeout(3_000);
            socket.getOutputStream()
                    .write((request + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                                    + "Content-Length: 2\r\nConnection: close\r\n\r\n{}")
                            .getBytes(StandardCharsets.US_ASCII));
            byte[] start = socket.getInputStream().readNBytes(64);
            String text = new String(start, StandardCharsets.US_ASCII);
            return text.startsWith("HTTP/") ? text.lines().findFirst().orElse("") : "";
        } catch (java.net.SocketException | java.net.SocketTimeoutException e) {
            return "";
        }
    }
}
