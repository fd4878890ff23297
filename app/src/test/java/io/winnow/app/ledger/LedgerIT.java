package io.winnow.app.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.winnow.app.Winnow;
import io.winnow.app.explain.JudgedRecord;
import io.winnow.app.explain.RecordFinder;
import io.winnow.app.kafka.EmbeddedBroker;
import io.winnow.app.kafka.Ports;
import io.winnow.app.kafka.StreamTopicPlan;
import io.winnow.app.kafka.StreamTopicsSetup;
import io.winnow.core.contract.Contract;
import io.winnow.core.contract.ContractReader;
import io.winnow.core.hygiene.Explanation;
import io.winnow.core.topic.DqHeaders;
import io.winnow.core.topic.RecordId;
import io.winnow.core.topic.StreamTopics;
import io.winnow.hygiene.HygieneConfig;
import io.winnow.hygiene.kafka.FirstProfile;
import io.winnow.monitoring.ledger.AuditReport;
import io.winnow.monitoring.ledger.ConservationAudit;
import io.winnow.monitoring.ledger.RawRange;
import io.winnow.monitoring.ledger.live.LedgerConfig;
import io.winnow.monitoring.ledger.live.LedgerService;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The ledger on a real broker; the test takes the hygiene job's place, and loses and doubles verdicts by hand. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class LedgerIT {
    private static final StreamTopics TOPICS = new StreamTopics("s");
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final String YAML = """
            stream: s
            features:
              - {name: x, type: number}
            """;
    private static final Contract CONTRACT = ContractReader.parse(YAML, "s.yaml");

    private final Random random = new Random(11);
    private final HttpClient http = HttpClient.newHttpClient();
    private Path home;
    private EmbeddedBroker broker;
    private KafkaProducer<byte[], byte[]> job;
    private Admin admin;
    private LedgerService ledger;

    @BeforeAll
    void start(@TempDir Path folder) {
        home = folder;
        broker = EmbeddedBroker.start(home.resolve("kafka"), Ports.free(0, "Kafka"));
        StreamTopicsSetup.ensure(broker.clientSettings(), List.of(StreamTopicPlan.of(TOPICS, 2, 1 << 30)));
        admin = Admin.create(new HashMap<>(broker.clientSettings()));
        job = producer("job");
        startLedger("ledger");
    }

    private void startLedger(String state) {
        ledger = LedgerService.start(new LedgerConfig("s", broker.clientSettings(), home.resolve(state), 0));
    }

    private KafkaProducer<byte[], byte[]> producer(String transactionalId) {
        Map<String, Object> settings = new HashMap<>(broker.clientSettings());
        settings.put("transactional.id", transactionalId);
        settings.put("transaction.timeout.ms", 600_000);
        KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        producer.initTransactions();
        return producer;
    }

    @AfterAll
    void stop() {
        ledger.close();
        job.close(Duration.ZERO);
        admin.close();
        broker.close();
    }

    private void raw(int partition, int n) throws Exception {
        Map<String, Object> settings = new HashMap<>(broker.clientSettings());
        try (var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < n; i++) {
                producer.send(new ProducerRecord<>("s.raw", partition, null, row()));
            }
            producer.flush();
        }
    }

    private byte[] row() {
        return String.format(Locale.ROOT, "{\"x\":%.3f}", random.nextGaussian()).getBytes(StandardCharsets.UTF_8);
    }

    private void verdict(String topic, int partition, long offset) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, partition, null, new byte[9]);
        record.headers().add(DqHeaders.ID, DqHeaders.text("s.raw/" + partition + "/" + offset));
        job.send(record);
    }

    private void verdicts(String topic, int partition, long from, long to) {
        for (long o = from; o < to; o++) {
            verdict(topic, partition, o);
        }
    }

    private void checkpoint(int partition, long offset) throws Exception {
        admin.alterConsumerGroupOffsets(
                        "winnow-hygiene-s",
                        Map.of(new TopicPartition("s.raw", partition), new OffsetAndMetadata(offset)))
                .all()
                .get();
    }

    private HttpResponse<String> get(String path) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + ledger.port() + path))
                        .build(),
                BodyHandlers.ofString());
    }

    private JsonNode await(Predicate<JsonNode> wanted) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        String last = "";
        while (System.nanoTime() < deadline) {
            HttpResponse<String> answer = get("/ledger");
            last = answer.body();
            if (answer.statusCode() == 200 && wanted.test(new ObjectMapper().readTree(last))) {
                return new ObjectMapper().readTree(last);
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        throw new AssertionError("the ledger says " + last);
    }

    private static long of(JsonNode json, String name) {
        return json.get(name).asLong();
    }

    private void agreesWithAudit() throws Exception {
        AuditReport audit = ConservationAudit.audit("s", broker.clientSettings(), Duration.ZERO);
        await(l -> of(l, "raw") == audit.raw()
                && of(l, "clean") == audit.clean()
                && of(l, "quarantined") == audit.quarantined()
                && of(l, "released") == audit.released()
                && of(l, "pending") == audit.pending()
                && of(l, "missing") == audit.missing()
                && of(l, "duplicated") == audit.duplicated()
                && l.get("conserved").asBoolean() == audit.conserved());
    }

    @Test
    @Order(1)
    void whatIsCommittedIsConservedAndWhatLiesBehindTheCheckpointIsPending() throws Exception {
        raw(0, 3_000);
        raw(1, 10);
        job.beginTransaction();
        verdicts("s.clean", 0, 0, 1_000);
        verdicts("s.quarantine", 0, 1_000, 1_100);
        job.commitTransaction();
        checkpoint(0, 1_100);
        JsonNode json = await(l -> of(l, "raw") == 1_100 && of(l, "pending") == 1_910);
        assertThat(json.get("conserved").asBoolean()).isTrue();
        assertThat(of(json, "clean")).isEqualTo(1_000);
        assertThat(get("/metrics").body())
                .contains("winnow_conservation_gap{stream=\"s\"} 0.0")
                .contains("winnow_conservation_duplicates{stream=\"s\"} 0.0")
                .contains("winnow_conservation_watermark_age_seconds{stream=\"s\"} ");
        assertThat(get("/health").statusCode()).isEqualTo(200);
        agreesWithAudit();
    }

    @Test
    @Order(2)
    void anOpenTransactionIsDoubtedAndAnAbortedOneIsAGap() throws Exception {
        job.beginTransaction();
        verdicts("s.clean", 0, 1_100, 1_200);
        job.flush();
        checkpoint(0, 1_200);
        JsonNode open = await(l -> of(l, "doubted") == 100);
        assertThat(of(open, "missing")).isZero();
        job.abortTransaction();
        JsonNode lost = await(l -> of(l, "missing") == 100);
        assertThat(lost.get("missingIds").get(0).asText()).isEqualTo("s.raw/0/1100");
        assertThat(lost.get("partitions").get(0).get("missingRanges").get(0).asText())
                .isEqualTo("0:1100-1199");
        assertThat(get("/metrics").body()).contains("winnow_conservation_gap{stream=\"s\"} 100.0");
        // The next checkpoint goes well, and changes nothing about the last.
        job.beginTransaction();
        verdicts("s.clean", 0, 1_200, 3_000);
        verdict("s.clean", 0, 5);
        job.commitTransaction();
        checkpoint(0, 3_000);
        await(l -> of(l, "raw") == 3_000 && of(l, "missing") == 100 && of(l, "duplicated") == 1);
        agreesWithAudit();
    }

    @Test
    @Order(3)
    void aRestartGoesOnWhereItWasEvenIfItsDiskIsGone() throws Exception {
        ledger.close();
        startLedger("another-disk");
        JsonNode json = await(l -> true);
        assertThat(of(json, "raw")).isEqualTo(3_000);
        assertThat(of(json, "missing")).isEqualTo(100);
        agreesWithAudit();
    }

    @Test
    @Order(4)
    void aReplayJudgesWhatIsMissingOnceAndTheLedgerCloses() throws Exception {
        assertThatThrownBy(() -> replay("0:1100")).hasMessageContaining("there is no profile");
        FirstProfile.ensure(new HygieneConfig(
                CONTRACT, broker.clientSettings(), 1, Duration.ofSeconds(1), true, home.resolve("checkpoints/s"), 0));
        assertThatThrownBy(() -> replay("0:1100-1200")).hasMessageStartingWith("0:1200 has its verdict already");
        assertThatThrownBy(() -> replay("1:3")).hasMessageStartingWith("1:3 is still pending");
        assertThatThrownBy(() -> replay("0:9000000")).hasMessageStartingWith("0:9000000 is no record");
        assertThatThrownBy(() -> replay("7:0")).hasMessageStartingWith("7:0 is no record");

        assertThat(total(replay("0:1100,0:1105-1109"))).isEqualTo(6);
        await(l -> of(l, "missing") == 94);
        Path report = home.resolve("report.json");
        assertThat(winnow("audit", report)).isEqualTo(1);
        JsonNode audited = new ObjectMapper().readTree(report.toFile());
        assertThat(audited.get("missingRanges").toString()).isEqualTo("[\"0:1101-1104\",\"0:1110-1199\"]");
        assertThat(winnow("replay", report, "--missing")).isZero();
        assertThat(of(new ObjectMapper().readTree(report.toFile()), "replayed")).isEqualTo(94);
        JsonNode closed = await(l -> of(l, "missing") == 0);
        assertThat(of(closed, "raw")).isEqualTo(3_000);
        assertThat(of(closed, "duplicated")).as("the one of before").isEqualTo(1);
        assertThat(total(replay(null))).as("again").isZero();
        assertThatThrownBy(() -> replay("0:1100")).hasMessageStartingWith("0:1100 has its verdict already");
        assertThat(get("/metrics").body()).contains("winnow_conservation_gap{stream=\"s\"} 0.0");
        agreesWithAudit();
    }

    private int winnow(String command, Path report, String... more) throws IOException {
        Files.writeString(home.resolve("s.yaml"), YAML);
        List<String> line = new ArrayList<>(List.of(command, "--stream", "s", "--bootstrap", broker.bootstrap()));
        line.addAll(List.of("--report", report.toString()));
        if (command.equals("replay")) {
            line.addAll(List.of("--contract", home.resolve("s.yaml").toString()));
            line.addAll(List.of("--checkpoints", home.resolve("checkpoints/s").toString()));
        }
        line.addAll(List.of(more));
        return Winnow.run(line.toArray(String[]::new));
    }

    private Replays.Result replay(@Nullable String offsets) {
        return Replays.run(
                CONTRACT,
                broker.clientSettings(),
                home.resolve("checkpoints/s"),
                offsets == null ? null : RawRange.parseAll(offsets),
                Clock.systemUTC());
    }

    private static long total(Replays.Result result) {
        return result.clean() + result.quarantined();
    }

    @Test
    @Order(5)
    void whatIsReplayedIsWhatTheJobWouldHaveWritten() {
        ConsumerRecord<byte[], byte[]> raw = read("s.raw", 0, 1_100);
        try (RecordFinder finder = new RecordFinder("s", broker.clientSettings())) {
            JudgedRecord found = finder.find(RecordId.parse("s.raw/0/1100"));
            assertThat(found.bits())
                    .isEqualTo(Explanation.of(CONTRACT, finder.profile(found, CONTRACT.hash()), found.value(), null)
                            .bits());
        }
        ConsumerRecord<byte[], byte[]> verdict = Stream.of("s.clean", "s.quarantine")
                .flatMap(topic -> readAll(topic, 0, 0).stream())
                .filter(r -> r.headers().lastHeader(DqHeaders.REPLAYED) != null)
                .filter(r -> "s.raw/0/1100"
                        .equals(DqHeaders.text(
                                r.headers().lastHeader(DqHeaders.ID).value())))
                .findFirst()
                .orElseThrow();
        assertThat(verdict.partition()).isZero();
        assertThat(verdict.timestamp()).isEqualTo(raw.timestamp());
        assertThat(verdict.value()).isEqualTo(raw.value());
        List<String> names = new ArrayList<>();
        verdict.headers().forEach(h -> names.add(h.key()));
        assertThat(names)
                .contains(DqHeaders.ID, DqHeaders.PROFILE, DqHeaders.BITS, DqHeaders.REPLAYED)
                .doesNotHaveDuplicates();
    }

    private ConsumerRecord<byte[], byte[]> read(String topic, int partition, long offset) {
        return readAll(topic, partition, offset).get(0);
    }

    private List<ConsumerRecord<byte[], byte[]>> readAll(String topic, int partition, long from) {
        Map<String, Object> settings = new HashMap<>(broker.clientSettings());
        settings.put("isolation.level", "read_committed");
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        TopicPartition tp = new TopicPartition(topic, partition);
        try (var consumer = new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(tp));
            consumer.seek(tp, from);
            long end = consumer.endOffsets(List.of(tp)).get(tp);
            while (consumer.position(tp) < end) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
        }
        return records;
    }
}
