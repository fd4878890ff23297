package io.winnow.ingest.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.winnow.app.kafka.EmbeddedBroker;
import io.winnow.app.kafka.Ports;
import io.winnow.app.kafka.StreamTopicPlan;
import io.winnow.app.kafka.StreamTopicsSetup;
import io.winnow.core.contract.Contract;
import io.winnow.core.contract.ContractReader;
import io.winnow.core.topic.StreamTopics;
import io.winnow.ingest.http.GatewayClient.Answer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsResult;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The gateway on a real broker; lies in the gateway's package, so that it can be killed where it hurts. */
@Timeout(120)
class GatewayIT {
    private static final String TOKEN = "0123456789abcdef0123456789abcdef";
    private static final String NDJSON = "application/x-ndjson";
    private static final GatewayLimits SMALL = new GatewayLimits(64 << 10, 500, 1 << 20);
    private static final AtomicInteger STREAMS = new AtomicInteger();

    @TempDir
    private static Path directory;

    private static EmbeddedBroker broker;

    private String stream;
    private Gateway gateway;
    private GatewayClient client;

    @BeforeAll
    static void startBroker() {
        broker = EmbeddedBroker.start(directory, Ports.free(0, "Kafka"));
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @BeforeEach
    void startGateway() {
        stream = "s" + STREAMS.incrementAndGet();
        StreamTopicsSetup.ensure(
                broker.clientSettings(), List.of(StreamTopicPlan.of(new StreamTopics(stream), 2, 1L << 30)));
        gateway = Gateway.start(config(SMALL));
        client = new GatewayClient(() -> gateway.port(), stream, TOKEN, broker.clientSettings());
    }

    @AfterEach
    void stopGateway() {
        gateway.close();
    }

    private GatewayConfig config(GatewayLimits limits) {
        Contract contract = ContractReader.parse("""
                stream: %s
                key: site
                features: [{name: n, type: number}, {name: site, type: category}]
                """.formatted(stream), "contract");
        return new GatewayConfig(Map.of(stream, Optional.of(contract)), broker.clientSettings(), TOKEN, 0, limits);
    }

    private Answer post(String body, String type, String... headers) throws Exception {
        return client.post(body, type, headers);
    }

    private Answer turn(String name, long sequence, String body) throws Exception {
        return client.turn(name, sequence, body);
    }

    private static byte[] utf8(String s) {
        return s.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] gzip(byte[] content) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(content);
        }
        return out.toByteArray();
    }

    private static String text(byte[] b) {
        return new String(b, StandardCharsets.UTF_8);
    }

    @Test
    void takesEachFormatAsItIsSent() throws Exception {
        String[] objects = {
            "{ \"site\":\"a\", \"n\" : 1.50 }", "{\"n\":2e0,\"site\":\"b\"}", "{\"site\":\"a\",\"n\":\"é\\u00e9\"}"
        };
        Answer lines = post(String.join("\n", objects) + "\n", NDJSON);
        Answer array = post("[ " + String.join(" ,\n", objects) + "]", "application/json; charset=UTF-8");
        Answer csv = post("site,n\na,1.5\n\"b \"\"q\"\"\",2\n", "text/csv");
        Answer zipped = client.send(client.request(
                gzip(utf8(String.join("\r\n", objects))), "application/jsonl", "Content-Encoding", "gzip"));
        Map<String, ConsumerRecord<byte[], byte[]>> raw = client.raw();
        for (Answer answer : List.of(lines, array, zipped)) {
            assertThat(answer.status()).as(answer.text()).isEqualTo(200);
            assertThat(answer.places().stream().map(at -> text(raw.get(at).value())))
                    .containsExactly(objects);
            assertThat(answer.places().stream().map(at -> text(raw.get(at).key())))
                    .containsExactly("a", "b", "a");
        }
        assertThat(csv.places().stream().map(at -> text(raw.get(at).value())))
                .containsExactly("{\"site\":\"a\",\"n\":1.5}", "{\"site\":\"b \\\"q\\\"\",\"n\":2}");
        assertThat(raw).hasSize(11);
        assertThat(client.get("/metrics"))
                .contains(
                        "winnow_gateway_records_total{stream=\"" + stream + "\"} 11.0",
                        "winnow_gateway_inflight_bytes 0.0",
                        "winnow_gateway_request_seconds_count{status=\"200\",stream=\"" + stream + "\"} 4",
                        "winnow_gateway_up{stream=\"" + stream + "\"} 1.0");
        assertThat(client.get("/health")).contains("\"status\":\"up\"");
    }

    @Test
    void refusesWhatItCannotTakeAndWritesNoneOfIt() throws Exception {
        String good = "{\"n\":1}\n";
        assertThat(post(good, NDJSON, "Authorization", "Bearer nonsense").status())
                .isEqualTo(401);
        assertThat(post(good, NDJSON, "Origin", "http://evil.example").status()).isEqualTo(403);
        assertThat(post(good, "text/plain").status()).isEqualTo(415);
        assertThat(post(good, NDJSON + "; charset=latin1").status()).isEqualTo(415);
        assertThat(post(good, NDJSON, "Content-Encoding", "br").status()).isEqualTo(415);
        assertThat(post(good, NDJSON, "Winnow-Client", "c").status()).isEqualTo(400);
        assertThat(turn("c d", 1, good).status()).isEqualTo(400);
        assertThat(post(good, NDJSON, "Winnow-Client", "c", "Winnow-Sequence", "-1")
                        .status())
                .isEqualTo(400);
        assertThat(post(good, NDJSON, "Content-Encoding", "gzip").status()).isEqualTo(400);
        assertThat(post("", NDJSON).error()).isEqualTo("body:1: holds no records");
        assertThat(post(good + "{\"n\":", NDJSON).error()).isEqualTo("body:2: is not valid JSON");
        assertThat(post("[{},\n3]", "application/json").error()).isEqualTo("body:2: an element is not a JSON object");
        assertThat(post("site,n\na\n", "text/csv").error()).startsWith("body:2: has 1 column");
        assertThat(post(good.repeat(501), NDJSON).status()).isEqualTo(413);
        assertThat(post("{\"x\":\"" + "x".repeat(64 << 10) + "\"}", NDJSON).status())
                .isEqualTo(413);
        byte[] bomb = gzip(new byte[16 << 20]);
        assertThat(bomb.length).isLessThan(SMALL.bodyBytes());
        assertThat(client.send(client.request(bomb, NDJSON, "Content-Encoding", "gzip"))
                        .status())
                .isEqualTo(413);
        assertThat(new GatewayClient(() -> gateway.port(), "nobody", TOKEN, Map.of())
                        .post(good, NDJSON)
                        .status())
                .isEqualTo(404);
        assertThat(client.get("/v1/streams/" + stream + "/records")).contains("does not answer to GET");
        assertThat(client.raw()).isEmpty();
        assertThat(client.get("/metrics")).contains("winnow_gateway_inflight_bytes 0.0", "stream=\"\"");
    }

    @Test
    void answersARepeatedRequestAsTheFirst() throws Exception {
        Answer first = turn("meter-1", 7, "{\"n\":1}\n{\"n\":2}");
        Answer again = turn("meter-1", 7, "{\"n\":1}\n{\"n\":2}");
        assertThat(again.text()).isEqualTo(first.text());
        assertThat(again.header("Winnow-Repeated")).contains("true");
        assertThat(turn("meter-1", 7, "{\"n\":3}").error()).contains("was another body");
        assertThat(turn("meter-1", 9, "{\"n\":3}").error()).contains("out of order: send 8 first");
        assertThat(turn("meter-1", 6, "{\"n\":3}").error()).contains("too old");
        assertThat(turn("meter-2", 6, "{\"n\":4}").status()).isEqualTo(200);
        gateway.close();
        gateway = Gateway.start(config(SMALL));
        Answer later = turn("meter-1", 7, "{\"n\":1}\n{\"n\":2}");
        assertThat(later.text()).isEqualTo(first.text());
        assertThat(turn("meter-1", 8, "{\"n\":5}").status()).isEqualTo(200);
        assertThat(turn("meter-1", 7, "{\"n\":1}\n{\"n\":2}").status()).isEqualTo(409);
        assertThat(client.rawValues()).containsExactlyInAnyOrder("{\"n\":1}", "{\"n\":2}", "{\"n\":4}", "{\"n\":5}");
    }

    /** A log that does its work, and around it what the test asks for. */
    private record Meddled(RequestLog log, Runnable before, Runnable after) implements RequestLog {
        @Override
        public Clients open() {
            return log.open();
        }

        @Override
        public List<Receipt> write(List<Submission> requests) {
            before.run();
            List<Receipt> receipts = log.write(requests);
            after.run();
            return receipts;
        }

        @Override
        public void close() {
            log.close();
        }
    }

    /** What ends a thread for good: what it had on the way stays as it is. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    private Gateway meddled(Runnable before, Runnable after) {
        GatewayConfig config = config(SMALL);
        return Gateway.start(
                config,
                (name, topics) -> new Meddled(Gateway.kafkaLog(name, topics, config, "meddled"), before, after));
    }

    private static void die() {
        throw new Killed();
    }

    @Test
    void aKillBetweenCommitAndAnswerWritesNothingTwice() throws Exception {
        gateway.close();
        gateway = meddled(() -> {}, GatewayIT::die);
        String body = "{\"n\":1,\"site\":\"a\"}\n{\"n\":2,\"site\":\"b\"}";
        assertThat(turn("meter-1", 1, body).status()).isEqualTo(503);
        assertThat(client.get("/health")).contains("down");
        assertThat(client.raw()).hasSize(2);
        gateway.close();
        gateway = Gateway.start(config(SMALL));
        Answer again = turn("meter-1", 1, body);
        assertThat(again.status()).isEqualTo(200);
        assertThat(again.header("Winnow-Repeated")).contains("true");
        assertThat(again.places().stream().map(at -> text(client.raw().get(at).value())))
                .containsExactly(body.split("\n"));
        assertThat(client.raw()).hasSize(2);
    }

    /** The second gateway begins while the first holds a transaction open, as one that was killed leaves it. */
    @Test
    void aKillBeforeTheCommitWritesNothing() throws Exception {
        gateway.close();
        GatewayConfig config = config(SMALL);
        gateway = Gateway.start(
                config,
                (name, topics) -> Gateway.kafkaLog(
                        topics, config, "doomed", () -> DoomedProducer.of(Gateway.producer(name, topics, config))));
        assertThat(turn("meter-1", 1, "{\"n\":1}").status()).isEqualTo(503);
        gateway.close();
        gateway = Gateway.start(config);
        Answer again = turn("meter-1", 1, "{\"n\":1}");
        assertThat(again.status()).as(again.text()).isEqualTo(200);
        assertThat(again.header("Winnow-Repeated")).isEmpty();
        assertThat(client.raw().keySet()).containsExactlyElementsOf(again.places());
    }

    @Test
    void theSameRequestUnderWayIsWrittenOnceAndMemoryIsBounded() throws Exception {
        CountDownLatch taken = new CountDownLatch(1);
        CountDownLatch go = new CountDownLatch(1);
        gateway.close();
        gateway = meddled(
                () -> {
                    taken.countDown();
                    await(go);
                },
                () -> {});
        CompletableFuture<HttpResponse<String>> first =
                client.later(client.request(utf8("{\"n\":1}"), NDJSON, "Winnow-Client", "c", "Winnow-Sequence", "1"));
        await(taken);
        CompletableFuture<HttpResponse<String>> second =
                client.later(client.request(utf8("{\"n\":1}"), NDJSON, "Winnow-Client", "c", "Winnow-Sequence", "1"));
        assertThat(turn("c", 2, "{\"n\":2}").error()).contains("still under way");
        String large = "{\"x\":\"" + "x".repeat(60_000) + "\"}\n";
        List<CompletableFuture<HttpResponse<String>>> waiting = new ArrayList<>();
        Answer refused = null;
        while (refused == null) {
            String before = client.get("/metrics");
            CompletableFuture<HttpResponse<String>> more = client.later(client.request(utf8(large), NDJSON));
            while (client.get("/metrics").equals(before) && !more.isDone()) {
                Thread.onSpinWait();
            }
            waiting.add(more);
            assertThat(waiting).hasSizeLessThan(100);
            refused = more.isDone() ? Answer.of(more.join()) : null;
        }
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.header("Retry-After")).contains("1");
        // What was taken is written and answered, though the gateway is asked to stop.
        CompletableFuture<Void> stopped = CompletableFuture.runAsync(gateway::close);
        go.countDown();
        assertThat(second.join().body()).isEqualTo(first.join().body());
        List<Integer> statuses =
                waiting.stream().map(w -> w.join().statusCode()).toList();
        assertThat(statuses).contains(200, 429).containsOnly(200, 429);
        stopped.join();
        assertThat(client.raw())
                .hasSize(1 + (int) statuses.stream().filter(s -> s == 200).count());
    }

    @Test
    void aSecondGatewayCutsTheFirstOff() throws Exception {
        assertThat(turn("c", 1, "{\"n\":1}").status()).isEqualTo(200);
        Gateway first = gateway;
        gateway = Gateway.start(config(SMALL));
        Gateway second = gateway;
        assertThat(turn("c", 2, "{\"n\":2}").status()).isEqualTo(200);
        gateway = first;
        assertThat(turn("d", 1, "{\"n\":0}").status()).isEqualTo(503);
        assertThat(first.takenOver().get(20, TimeUnit.SECONDS)).isEqualTo(stream);
        assertThat(turn("c", 3, "{\"n\":3}").error()).contains("another gateway");
        first.close();
        gateway = second;
        // The first one's last try may have cut this one off for a moment: it begins again by itself.
        Answer answer = turn("c", 3, "{\"n\":3}");
        for (long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
                answer.status() == 503 && System.nanoTime() < deadline; ) {
            answer = turn("c", 3, "{\"n\":3}");
        }
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        assertThat(client.rawValues()).containsExactlyInAnyOrder("{\"n\":1}", "{\"n\":2}", "{\"n\":3}");
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Brokers learn of a topic one after another: whoever asks early is told that there is none. */
    @Test
    void waitsForTopicsThatABrokerDoesNotKnowYet() {
        String fresh = "s" + STREAMS.incrementAndGet();
        StreamTopics topics = new StreamTopics(fresh);
        Map<String, Object> settings = new HashMap<>(broker.clientSettings());
        Admin real = Admin.create(settings);
        Set<String> asked = new HashSet<>();
        Admin early = (Admin) Proxy.newProxyInstance(
                Admin.class.getClassLoader(), new Class<?>[] {Admin.class}, (proxy, method, arguments) -> {
                    boolean first = asked.add(method.getName());
                    if (first && method.getName().equals("describeConfigs")) {
                        return real.describeConfigs(
                                List.of(new ConfigResource(ConfigResource.Type.TOPIC, "not-known-yet")));
                    }
                    Object answer = method.invoke(real, arguments);
                    if (first && answer instanceof ListTopicsResult listed) {
                        listed.names().get();
                        StreamTopicsSetup.ensure(
                                broker.clientSettings(), List.of(StreamTopicPlan.of(topics, 2, 1L << 30)));
                    }
                    return answer;
                });
        try (GatewayTopics gatewayTopics = new GatewayTopics(early, broker.bootstrap())) {
            GatewayTopics.Of of = gatewayTopics.ensure(fresh);
            assertThat(of.raw()).isEqualTo(topics.raw());
            assertThat(of.recordBytes()).isPositive();
        }
        assertThat(asked).contains("listTopics", "describeConfigs", "listOffsets");
    }

    @Test
    void aStreamThatIsNotThereIsNamed() {
        try (GatewayTopics topics = new GatewayTopics(broker.clientSettings())) {
            assertThatThrownBy(() -> topics.ensure("nowhere"))
                    .isInstanceOf(GatewayStartException.class)
                    .hasMessageContaining("has no topic nowhere.raw");
        }
    }
}
