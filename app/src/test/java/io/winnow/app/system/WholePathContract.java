package io.winnow.app.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.winnow.app.Winnow;
import io.winnow.app.config.RunConfig;
import io.winnow.app.config.RunConfig.FlinkSettings;
import io.winnow.app.config.RunConfig.PortSettings;
import io.winnow.app.config.RunConfig.TrainerSettings;
import io.winnow.app.home.DataDirectory;
import io.winnow.core.model.ModelCard;
import io.winnow.core.row.Reason;
import io.winnow.core.topic.DqHeaders;
import io.winnow.core.topic.RecordId;
import io.winnow.monitoring.ledger.AuditReport;
import io.winnow.monitoring.ledger.ConservationAudit;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the whole of Winnow promises, wherever Kafka and Flink run: a small stream with hostile values among it goes in,
 * and everything that comes out is held against what went in. One story, told in order.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
abstract class WholePathContract {
    private static final int ROWS = 2_400;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final long SEED = 20260302;

    private final Mill mill = new Mill(SEED);
    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<RecordId, Mill.Value> sent = new HashMap<>();
    private Path home;
    private DataDirectory data;
    private Platform platform;
    private RecordId outlier;
    private int late;
    private AuditReport beforeTheStop;

    /** Client settings of a Kafka that runs already; empty for the embedded one. */
    abstract Map<String, String> kafka();

    /** Whether the hygiene job runs in this process. */
    abstract boolean jobRunsHere();

    /** Called once the topics are there, where the job runs elsewhere. */
    void startJob() throws Exception {}

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        home = folder;
        startPlatform();
        startJob();
    }

    @AfterAll
    void stop() {
        if (platform != null) {
            stopPlatform();
        }
    }

    private void startPlatform() {
        RunConfig config = new RunConfig(
                List.of(new RunConfig.Stream(Mill.CONTRACT, Mill.YAML)),
                Optional.empty(),
                kafka(),
                new FlinkSettings(jobRunsHere(), 2, 1, true),
                new TrainerSettings(true, 512, 20),
                new PortSettings(
                        OptionalInt.of(0), OptionalInt.of(0), OptionalInt.of(0), OptionalInt.of(0), OptionalInt.of(0)));
        data = DataDirectory.open(home.resolve("data"));
        platform = Platform.start(config, data, SEED, line -> {});
    }

    private void stopPlatform() {
        platform.close();
        data.close();
    }

    @Test
    @Order(1)
    void everyRecordHasOneVerdictAndHostileOnesKeepTheirBytes() throws Exception {
        List<Mill.Value> whole = mill.mixed(ROWS);
        List<Mill.Value> values = new ArrayList<>(whole);
        for (int i = 0; i < values.size(); i += 10) {
            values.set(i, Mill.withoutWear(values.get(i)));
        }
        Map<RecordId, Mill.Value> ids = topics().send(values);
        sent.putAll(ids);
        List<byte[]> labels = new ArrayList<>();
        int number = 0;
        for (Map.Entry<RecordId, Mill.Value> value : ids.entrySet()) {
            Mill.Value row = whole.get(number++);
            if (value.getValue() != row) {
                labels.add(Mill.label(value.getKey(), row));
            }
        }
        topics().label(labels);
        late = labels.size();
        outlier = post(Mill.OUTLIER);
        sent.put(outlier, new Mill.Value(Mill.OUTLIER, Reason.SURPRISING));

        Map<RecordId, ConsumerRecord<byte[], byte[]>> judged = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record :
                topics().read(PATIENCE, r -> r.size() >= sent.size(), "mill.clean", "mill.quarantine")) {
            assertThat(judged.put(RecordId.parse(header(record, DqHeaders.ID)), record))
                    .isNull();
        }

        assertThat(judged.keySet()).isEqualTo(sent.keySet());
        sent.forEach((id, value) -> {
            ConsumerRecord<byte[], byte[]> record = Objects.requireNonNull(judged.get(id));
            assertThat(record.value()).isEqualTo(value.bytes());
            assertThat(record.partition()).isEqualTo(id.partition());
            if (value.reason() != null) {
                assertThat(record.topic()).isEqualTo("mill.quarantine");
                assertThat(header(record, DqHeaders.REASON))
                        .isEqualTo(value.reason().name());
            }
        });
        AuditReport audit = audit();
        assertThat(audit.clean() + audit.quarantined()).isEqualTo(sent.size());
        assertThat(audit.quarantined()).isBetween(hostile(), hostile() + ROWS / 50);
        assertThat(audit.released()).isZero();
    }

    /** Sends a record by HTTP; a transaction's markers lie on the raw topic from then on. */
    private RecordId post(byte[] value) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(platform.addresses().get("HTTP gateway") + "v1/streams/mill/records"))
                .header("Authorization", "Bearer " + data.token())
                .header("Content-Type", "application/x-ndjson")
                .POST(HttpRequest.BodyPublishers.ofByteArray(value))
                .build();
        HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonNode at = new ObjectMapper().readTree(answer.body()).get("offsets").get(0);
        return new RecordId(
                "mill.raw", at.get("partition").asInt(), at.get("offset").asLong());
    }

    @Test
    @Order(2)
    void aPostWithoutItsTokenIsRefusedAndChangesNothing() throws Exception {
        awaitCase();
        assertThat(decide(Optional.empty())).isEqualTo(401);
        assertThat(decide(Optional.of(data.token() + "x"))).isEqualTo(401);
        assertThat(http.send(findCase(), BodyHandlers.ofString()).body()).contains("\"state\":\"open\"");
    }

    @Test
    @Order(3)
    void aReleaseDeliversTheOriginalBytesOnce() throws Exception {
        assertThat(decide(Optional.of(data.token()))).isEqualTo(200);
        assertThat(decide(Optional.of(data.token()))).as("the same again").isEqualTo(200);
        List<ConsumerRecord<byte[], byte[]>> clean = topics().read(
                        PATIENCE, records -> records.stream().anyMatch(WholePathContract::isRelease), "mill.clean");
        assertThat(clean)
                .filteredOn(WholePathContract::isRelease)
                .singleElement()
                .satisfies(release -> {
                    assertThat(release.value()).isEqualTo(Mill.OUTLIER);
                    assertThat(header(release, DqHeaders.ID)).isEqualTo(outlier.toString());
                });
        beforeTheStop = audit();
        assertThat(beforeTheStop.released()).isEqualTo(1);
    }

    @Test
    @Order(4)
    void aRecordsBitsCanBeComputedAgain() throws Exception {
        Path report = home.resolve("explained.json");
        assertThat(explain(outlier.toString(), report)).isZero();
        JsonNode explained = new ObjectMapper().readTree(report.toFile());
        assertThat(explained.get("equal").asBoolean()).isTrue();
        assertThat(explained.get("bits").asDouble()).isGreaterThanOrEqualTo(10);
        assertThat(explained.get("fields")).hasSize(4);
        assertThat(explained.get("context").asText())
                .as("of the rows of its line before")
                .matches("\\d+ \\d+ [0-9,]+");

        for (RecordId id : List.of(first(null), first(Reason.MALFORMED))) {
            assertThat(explain(id.toString(), report)).as("%s", id).isZero();
        }
        assertThat(explain("mill.raw/0/999999999", report)).isEqualTo(1);
    }

    private int explain(String id, Path report) {
        return Winnow.run("explain", id, "--data", home.resolve("data").toString(), "--report", report.toString());
    }

    /** The first record that was sent for this reason, with bytes. */
    private RecordId first(@Nullable Reason reason) {
        return sent.entrySet().stream()
                .filter(e -> e.getValue().reason() == reason && e.getValue().bytes() != null)
                .map(Map.Entry::getKey)
                .min(Comparator.comparing(RecordId::toString))
                .orElseThrow();
    }

    @Test
    @Order(5)
    void aModelIsPublishedThatBeatsItsBaselines() {
        ConsumerRecord<byte[], byte[]> card =
                topics().read(PATIENCE, r -> !r.isEmpty(), "mill.models").get(0);
        ModelCard model = ModelCard.decode(card.value());
        assertThat(model.value())
                .isLessThan(model.baselines().linear())
                .isLessThan(model.baselines().noChange());
        assertThat(data.models()).isDirectoryRecursivelyContaining("glob:**/model.pt");
    }

    @Test
    @Order(6)
    void aModelIsTrainedAgainToTheSameBytesAndPinned() throws Exception {
        Path report = home.resolve("models.json");
        assertThat(models(report, "list")).isZero();
        JsonNode list = new ObjectMapper().readTree(report.toFile());
        String champion = list.get("champion").asText();
        assertThat(list.get("models").get(0).get("files").asBoolean()).isTrue();

        assertThat(models(report, "pin", "--why", "a test")).isZero();
        assertThat(models(report, "promote", champion, "--why", "a test")).isEqualTo(1);
        assertThat(models(report, "at", Instant.now().toString())).isZero();
        assertThat(new ObjectMapper().readTree(report.toFile()).get("model").asText())
                .isEqualTo(champion);
        assertThat(models(report, "show", champion)).isZero();
        JsonNode shown = new ObjectMapper().readTree(report.toFile());
        assertThat(shown.at("/card/slices/hours")).isNotEmpty();
        assertThat(shown.at("/live/model").asText()).isEqualTo(champion);
        assertThat(models(report, "reproduce", champion)).isZero();
        JsonNode again = new ObjectMapper().readTree(report.toFile());
        assertThat(again.get("equal").asBoolean()).as("%s", again).isTrue();

        URI page = URI.create(Objects.requireNonNull(platform.addresses().get("models mill")) + "/" + champion);
        assertThat(http.send(HttpRequest.newBuilder(page).build(), BodyHandlers.ofString())
                        .body())
                .contains("\"mark\":\"champion (pinned)\"")
                .contains("residuals.png");
        assertThat(models(report, "unpin")).isZero();
        awaitLabels(page.resolve("/metrics"));
    }

    /** Every label that came later has found its row. */
    private void awaitLabels(URI metrics) throws Exception {
        String joined = "winnow_trainer_labels_total{outcome=\"joined\",stream=\"mill\"} " + (double) late;
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        String seen = "";
        while (!seen.contains(joined)) {
            assertThat(System.nanoTime()).as("%s in %s", joined, seen).isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(100);
            seen = http.send(HttpRequest.newBuilder(metrics).build(), BodyHandlers.ofString())
                    .body();
        }
    }

    private int models(Path report, String command, String... arguments) {
        List<String> line = new ArrayList<>(List.of("models", command));
        line.addAll(List.of(arguments));
        line.addAll(List.of("--data", home.resolve("data").toString(), "--report", report.toString()));
        return Winnow.run(line.toArray(String[]::new));
    }

    @Test
    @Order(7)
    void nothingListensBeyondLoopback() throws Exception {
        assumeThat(Listeners.KNOWN)
                .as("only Linux tells who listens, in /proc/self/net")
                .isTrue();
        List<InetSocketAddress> listeners = new ArrayList<>(Listeners.ofThisProcess());
        assertThat(listeners).hasSizeGreaterThan(jobRunsHere() ? 2 : 0);
        for (ProcessHandle child : ProcessHandle.current().children().toList()) {
            listeners.addAll(Listeners.of(child.pid()));
        }
        assertThat(listeners).allMatch(l -> l.getAddress().isLoopbackAddress());
    }

    @Test
    @Order(8)
    void aStopAndAStartLoseAndDoubleNothing() throws Exception {
        stopPlatform();
        startPlatform();
        assertThat(audit()).isEqualTo(beforeTheStop);

        int more = 200;
        sent.putAll(topics().send(Stream.generate(mill::row).limit(more).toList()));
        List<ConsumerRecord<byte[], byte[]>> all =
                topics().read(PATIENCE, r -> r.size() >= sent.size() + 1, "mill.clean", "mill.quarantine");
        assertThat(all.stream().filter(r -> !isRelease(r)).map(r -> header(r, DqHeaders.ID)))
                .doesNotHaveDuplicates()
                .hasSize(sent.size());
        assertThat(decide(Optional.of(data.token())))
                .as("the desk remembers its case")
                .isEqualTo(200);
        AuditReport after = audit();
        assertThat(after.raw()).isEqualTo(beforeTheStop.raw() + more);
        assertThat(after.released()).isEqualTo(1);
        awaitLedger(after);
    }

    /** The ledger counts on where it was before the stop, and comes to what the audit comes to. */
    private void awaitLedger(AuditReport audit) throws Exception {
        URI ledger = URI.create(Objects.requireNonNull(platform.addresses().get("ledger mill")));
        long[] wanted = {audit.raw(), audit.clean(), audit.quarantined(), audit.released(), 0, 0, 0, 0};
        String[] names = {"raw", "clean", "quarantined", "released", "pending", "expired", "missing", "duplicated"};
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        long[] seen = {};
        while (!Arrays.equals(seen, wanted)) {
            assertThat(System.nanoTime())
                    .as("the ledger says %s", Arrays.toString(seen))
                    .isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(100);
            JsonNode json = new ObjectMapper()
                    .readTree(http.send(HttpRequest.newBuilder(ledger).build(), BodyHandlers.ofString())
                            .body());
            seen = Stream.of(names).mapToLong(n -> json.path(n).asLong(-1)).toArray();
        }
    }

    /** The audit, once the last checkpoint covers everything that was sent. */
    private AuditReport audit() throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        AuditReport audit = ConservationAudit.audit("mill", platform.kafka());
        while (audit.pending() > 0 && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(200);
            audit = ConservationAudit.audit("mill", platform.kafka());
        }
        assertThat(audit.conserved()).as("%s", audit).isTrue();
        assertThat(audit.raw()).isEqualTo(sent.size());
        assertThat(audit.pending() + audit.missing() + audit.duplicated() + audit.expired())
                .isZero();
        return audit;
    }

    private long hostile() {
        return sent.values().stream().filter(v -> v.reason() != null).count();
    }

    private MillTopics topics() {
        return new MillTopics(platform.kafka());
    }

    private URI desk(String path) {
        return URI.create(Objects.requireNonNull(platform.addresses().get("review desk")) + path);
    }

    /** Kafka Streams reads the quarantine in its own time. */
    private void awaitCase() throws Exception {
        HttpRequest find =
                HttpRequest.newBuilder(desk("api/v1/cases/" + outlier)).build();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (http.send(findCase(), BodyHandlers.discarding()).statusCode() != 200) {
            assertThat(System.nanoTime()).as("no case for " + outlier).isLessThan(deadline);
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    private HttpRequest findCase() {
        return HttpRequest.newBuilder(desk("api/v1/cases/" + outlier)).build();
    }

    /** Releases the outlier; the status. */
    private int decide(Optional<String> token) throws Exception {
        HttpRequest.Builder post = HttpRequest.newBuilder(desk("api/v1/decisions"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"recordId\":\"" + outlier
                        + "\",\"action\":\"RELEASE\",\"by\":\"test\",\"why\":\"the sensor is right\"}"));
        token.ifPresent(t -> post.header("Authorization", "Bearer " + t));
        return http.send(post.build(), BodyHandlers.discarding()).statusCode();
    }

    private static boolean isRelease(ConsumerRecord<byte[], byte[]> record) {
        return header(record, DqHeaders.DECISION) != null;
    }

    private static String header(ConsumerRecord<byte[], byte[]> record, String name) {
        return MillTopics.header(record, name);
    }
}
