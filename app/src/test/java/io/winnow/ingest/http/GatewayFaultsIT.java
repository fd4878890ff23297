package io.winnow.ingest.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.app.Winnow;
import io.winnow.app.home.DataDirectory;
import io.winnow.app.kafka.EmbeddedBroker;
import io.winnow.app.kafka.Ports;
import io.winnow.app.kafka.StreamTopicPlan;
import io.winnow.app.kafka.StreamTopicsSetup;
import io.winnow.core.topic.StreamTopics;
import io.winnow.ingest.http.GatewayClient.Answer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The gateway while processes die: itself, as a process of its own, and the broker. */
@Timeout(120)
class GatewayFaultsIT {
    private static final String STREAM = "faults";
    private static final int KILLS = 2;
    private static final int TURNS = 25;

    @TempDir
    private Path directory;

    private int kafkaPort;
    private EmbeddedBroker broker;

    @BeforeEach
    void startBroker() {
        kafkaPort = Ports.free(0, "Kafka");
        broker = EmbeddedBroker.start(directory.resolve("kafka"), kafkaPort);
        StreamTopicsSetup.ensure(
                broker.clientSettings(), List.of(StreamTopicPlan.of(new StreamTopics(STREAM), 2, 1L << 30)));
    }

    @AfterEach
    void stopBroker() {
        broker.close();
    }

    private Process spawn(int port) throws IOException {
        return new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Winnow.class.getName(),
                        "ingest",
                        "--http",
                        "--stream",
                        STREAM,
                        "--port",
                        "" + port,
                        "--bootstrap",
                        broker.bootstrap(),
                        "--data",
                        directory.resolve("data").toString())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("gateway.out").toFile())
                .start();
    }

    private static Optional<Answer> turn(GatewayClient client, int sequence) {
        try {
            return Optional.of(client.turn("meter-1", sequence, value(sequence)));
        } catch (Exception e) {
            return Optional.empty();
        }
    }

    private static String value(int sequence) {
        return "{\"n\":" + sequence + "}";
    }

    /** The client sends each number until it is answered; the gateway is killed while one is on its way. */
    @Test
    void aGatewayThatIsKilledWritesEachRequestOnce() throws Exception {
        int port = Ports.free(0, "the gateway");
        String token = DataDirectory.token(directory.resolve("data"));
        GatewayClient client = new GatewayClient(() -> port, STREAM, token, broker.clientSettings());
        Random random = new Random(17);
        Process process = spawn(port);
        try {
            List<String> places = new ArrayList<>();
            for (int kill = 0; kill <= KILLS; kill++) {
                int last = TURNS * (kill + 1);
                for (int sequence = TURNS * kill; sequence < last; sequence++) {
                    Process victim = process;
                    boolean fatal = kill < KILLS && sequence == last - 1;
                    Thread killer = new Thread(() -> {
                        sleep(random.nextInt(20));
                        victim.destroyForcibly();
                    });
                    if (fatal) {
                        killer.start();
                    }
                    Optional<Answer> answer = turn(client, sequence);
                    if (fatal) {
                        killer.join();
                        process.waitFor();
                        process = spawn(port);
                        answer = Optional.empty();
                    }
                    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
                    while (answer.filter(a -> a.status() == 200).isEmpty() && System.nanoTime() < deadline) {
                        sleep(100);
                        answer = turn(client, sequence);
                    }
                    assertThat(answer.map(Answer::status)).contains(200);
                    places.addAll(answer.orElseThrow().places());
                }
            }
            assertThat(client.rawValues()).hasSize(TURNS * (KILLS + 1)).doesNotHaveDuplicates();
            assertThat(client.raw().keySet()).containsExactlyInAnyOrderElementsOf(places);
        } finally {
            process.destroy();
            assertThat(process.waitFor(30, TimeUnit.SECONDS))
                    .as("stops in order")
                    .isTrue();
        }
    }

    private static void sleep(int millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void saysWhenKafkaIsAwayAndGoesOnWhenItIsBack() throws Exception {
        Map<String, String> kafka = new HashMap<>(broker.clientSettings());
        kafka.putAll(Map.of("delivery.timeout.ms", "5000", "request.timeout.ms", "2000", "max.block.ms", "5000"));
        String token = "0123456789abcdef0123456789abcdef";
        try (Gateway gateway = Gateway.start(
                new GatewayConfig(Map.of(STREAM, Optional.empty()), kafka, token, 0, GatewayLimits.DEFAULT))) {
            GatewayClient client = new GatewayClient(gateway::port, STREAM, token, kafka);
            assertThat(client.turn("c", 1, value(1)).status()).isEqualTo(200);
            broker.close();
            Answer away = client.turn("c", 2, value(2));
            assertThat(away.status()).isEqualTo(503);
            assertThat(away.header("Retry-After")).isPresent();
            assertThat(away.error()).contains("Kafka does not take records of stream '" + STREAM + "' now");
            assertThat(client.get("/metrics")).contains("winnow_gateway_up{stream=\"" + STREAM + "\"} 0.0");
            broker = EmbeddedBroker.start(directory.resolve("kafka"), kafkaPort);
            Answer back = client.turn("c", 2, value(2));
            for (long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
                    back.status() == 503 && System.nanoTime() < deadline; ) {
                back = client.turn("c", 2, value(2));
            }
            assertThat(back.status()).as(back.text()).isEqualTo(200);
            assertThat(client.rawValues()).containsExactlyInAnyOrder(value(1), value(2));
        }
    }
}
