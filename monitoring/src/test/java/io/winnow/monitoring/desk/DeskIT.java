package io.winnow.monitoring.desk;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.winnow.core.contract.Contract;
import io.winnow.core.contract.ContractReader;
import io.winnow.core.hygiene.Profile;
import io.winnow.core.review.Decision;
import io.winnow.core.row.Reason;
import io.winnow.core.topic.DqHeaders;
import io.winnow.core.topic.RecordId;
import io.winnow.core.topic.StreamTopics;
import io.winnow.monitoring.Fixtures;
import io.winnow.monitoring.cases.KeptHeader;
import io.winnow.monitoring.cases.KeptRecord;
import io.winnow.monitoring.topology.ShiftedStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The desk on a real broker. Each test has a stream, so topics, of its own. */
@Timeout(value = 240, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DeskIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String TOKEN = "s3cret-token";
    private static final int PARTITIONS = 2;
    private static final int MAX_BYTES = (4 << 20) + (64 << 10);

    @TempDir
    static Path directory;

    private static Broker broker;

    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeAll
    static void start() throws Exception {
        broker = new Broker(directory.resolve("kafka"));
    }

    @AfterAll
    static void stop() {
        if (broker != null) {
            broker.close();
        }
    }

    @Test
    void what_is_released_lands_once_as_it_came() throws Exception {
        StreamTopics t = topics("once");
        byte[] large = new byte[(4 << 20) - 2_000];
        new Random(1).nextBytes(large);
        List<KeptRecord> records = List.of(
                record(t, 0, 5, Instant.parse("2026-01-01T00:00:00Z"), "k".getBytes(StandardCharsets.UTF_8), large),
                record(t, 1, 6, Instant.parse("2126-01-01T00:00:00Z"), null, new byte[] {'{', (byte) 0xff}),
                record(t, 1, 7, Instant.parse("2020-01-01T00:00:00Z"), new byte[0], new byte[0]),
                record(t, 0, 8, Instant.parse("2026-01-01T00:00:00Z"), new byte[] {0}, null));
        try (KafkaProducer<byte[], byte[]> producer = producer();
                Desk desk = Desk.start(config(t, Duration.ZERO, "kept"))) {
            for (KeptRecord r : records) {
                quarantine(producer, t, r);
            }
            await("all cases", () -> get(desk, "/api/v1/cases").get("cases").size() == records.size());
            for (int again = 0; again < 2; again++) {
                assertThat(release(desk, ids(records))).isEqualTo(200);
                for (KeptRecord r : records) {
                    // Others may write decisions too: by another id, and the same one twice.
                    decide(producer, t, Fixtures.release("other " + r.id(), r.id()));
                }
            }
            KeptRecord last = record(t, 0, 9, Instant.EPOCH, null, new byte[] {'l'});
            KeptRecord last1 = record(t, 1, 9, Instant.EPOCH, null, new byte[] {'l'});
            List<ConsumerRecord<byte[], byte[]>> clean = afterReleaseOf(List.of(last, last1), producer, desk, t);
            assertThat(clean).hasSize(records.size() + 2);
            for (KeptRecord r : records) {
                assertReleased(clean, r);
            }
            HttpResponse<byte[]> value = http.send(
                    request(desk, "/api/v1/cases/" + t.raw() + "/0/5/value").build(),
                    HttpResponse.BodyHandlers.ofByteArray());
            assertThat(value.body()).isEqualTo(large);
            assertThat(value.headers().firstValue("Content-Disposition"))
                    .contains("attachment; filename=\"once.raw-0-5.value\"");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"kept", "lost"})
    void a_release_survives_that_the_desk_stops_before_it_is_forwarded(String state) throws Exception {
        StreamTopics t = topics("stopped-" + state);
        List<KeptRecord> records = IntStream.range(0, 20)
                .mapToObj(i -> record(t, i % PARTITIONS, i, Instant.EPOCH.plusSeconds(i), null, new byte[] {(byte) i}))
                .toList();
        try (KafkaProducer<byte[], byte[]> producer = producer()) {
            try (Desk desk = Desk.start(config(t, Duration.ofSeconds(5), "kept"))) {
                for (KeptRecord r : records) {
                    quarantine(producer, t, r);
                }
                await("all cases", () -> get(desk, "/api/v1/cases").get("cases").size() == records.size());
                assertThat(release(desk, ids(records))).isEqualTo(200);
            }
            assertThat(clean(t)).as("the hold is not over").isEmpty();
            try (Desk desk = Desk.start(config(t, Duration.ZERO, state))) {
                assertThat(release(desk, ids(records))).isEqualTo(200);
                for (KeptRecord r : records) {
                    decide(producer, t, Fixtures.release("other " + r.id(), r.id()));
                }
                await("all releases", () -> clean(t).size() >= records.size());
                KeptRecord last = record(t, 0, 90, Instant.EPOCH, null, new byte[] {'l'});
                KeptRecord last1 = record(t, 1, 90, Instant.EPOCH, null, new byte[] {'l'});
                List<ConsumerRecord<byte[], byte[]>> clean = afterReleaseOf(List.of(last, last1), producer, desk, t);
                assertThat(clean).hasSize(records.size() + 2);
                for (KeptRecord r : records) {
                    assertReleased(clean, r);
                }
            }
        }
    }

    @Test
    void what_was_held_wrongly_while_the_stream_changed_is_offered_and_stays_offered_after_a_restart()
            throws Exception {
        StreamTopics t = topics("grid");
        List<ShiftedStream.Batch> stream = ShiftedStream.of(9, 20);
        DeskConfig config = config(Fixtures.CONTRACT, t, Duration.ZERO, "kept");
        JsonNode before;
        try (KafkaProducer<byte[], byte[]> producer = producer();
                Desk desk = Desk.start(config)) {
            for (ShiftedStream.Batch batch : stream) {
                for (KeptRecord r : batch.aside()) {
                    quarantine(producer, t, r);
                }
                Profile p = batch.profile();
                producer.send(new ProducerRecord<>(t.profiles(), 0, batch.at(), DqHeaders.text(p.hash()), p.encode()))
                        .get();
            }
            long aside = stream.stream().mapToLong(b -> b.aside().size()).sum();
            await(
                    "all cases",
                    () -> get(desk, "/api/v1/cases?limit=500").get("cases").size() == aside);
            await("the change's end, all judged again", () -> {
                JsonNode regime = get(desk, "/api/v1/regime");
                return regime.get("ended").isTextual()
                        && !regime.get("pending").asBoolean()
                        && regime.get("acceptedNow").asLong() > 0;
            });
            before = get(desk, "/api/v1/regime");
            assertThat(before.get("state").asText()).isEqualTo("steady");
            assertThat(get(desk, "/api/v1/cases?again=accepted&limit=500").get("cases"))
                    .hasSize(before.get("acceptedNow").asInt());
        }
        try (Desk desk = Desk.start(config(Fixtures.CONTRACT, t, Duration.ZERO, "lost"))) {
            assertThat(get(desk, "/api/v1/regime")).isEqualTo(before);
            JsonNode one = get(desk, "/api/v1/cases?again=accepted&limit=1")
                    .get("cases")
                    .get(0);
            assertThat(release(desk, List.of(one.get("id").asText()))).isEqualTo(200);
            await(
                    "one less",
                    () -> get(desk, "/api/v1/regime").get("acceptedNow").asLong()
                            == before.get("acceptedNow").asLong() - 1);
        }
    }

    /** Whatever was decided before is through once these are: each partition keeps its order. */
    private List<ConsumerRecord<byte[], byte[]>> afterReleaseOf(
            List<KeptRecord> last, KafkaProducer<byte[], byte[]> producer, Desk desk, StreamTopics t) throws Exception {
        for (KeptRecord r : last) {
            quarantine(producer, t, r);
            await("the last case", () -> status(desk, "/api/v1/cases/" + r.id()) == 200);
            assertThat(release(desk, ids(List.of(r)))).isEqualTo(200);
            await(
                    "the last release",
                    () -> clean(t).stream().anyMatch(c -> text(c, DqHeaders.ID).equals(r.id().toString())));
        }
        return clean(t);
    }

    private static void assertReleased(List<ConsumerRecord<byte[], byte[]>> clean, KeptRecord r) {
        List<ConsumerRecord<byte[], byte[]>> found = clean.stream()
                .filter(c -> text(c, DqHeaders.ID).equals(r.id().toString()))
                .toList();
        assertThat(found).as(r.id().toString()).hasSize(1);
        ConsumerRecord<byte[], byte[]> c = found.get(0);
        assertThat(c.value()).isEqualTo(r.value());
        assertThat(c.key()).isEqualTo(r.key());
        assertThat(c.partition()).isEqualTo(r.id().partition());
        assertThat(c.timestamp()).isEqualTo(r.timestamp());
        assertThat(c.headers())
                .extracting(Header::key)
                .containsExactly("trace", "trace", DqHeaders.ID, DqHeaders.PROFILE, DqHeaders.BITS, DqHeaders.DECISION);
        assertThat(c.headers().headers("trace"))
                .extracting(h -> DqHeaders.text(h.value()))
                .containsExactly("a", "b");
        assertThat(text(c, DqHeaders.DECISION)).isNotEmpty();
    }

    private static KeptRecord record(StreamTopics t, int partition, long offset, Instant at, byte[] key, byte[] value) {
        RecordId id = new RecordId(t.raw(), partition, offset);
        List<KeptHeader> headers =
                Fixtures.quarantined(id, 0, Reason.SURPRISING, new byte[0]).headers();
        return new KeptRecord(id, at.toEpochMilli(), key, value, headers);
    }

    private static StreamTopics topics(String stream) throws Exception {
        StreamTopics t = new StreamTopics(stream);
        Map<String, String> outputs = Map.of(
                "max.message.bytes", String.valueOf(MAX_BYTES),
                "retention.ms", "-1",
                "message.timestamp.after.max.ms", String.valueOf(Long.MAX_VALUE));
        try (Admin admin = Admin.create(new HashMap<>(kafka()))) {
            admin.createTopics(List.of(
                            new NewTopic(t.clean(), PARTITIONS, (short) 1).configs(outputs),
                            new NewTopic(t.quarantine(), PARTITIONS, (short) 1).configs(outputs),
                            new NewTopic(t.decisions(), 1, (short) 1),
                            new NewTopic(t.profiles(), 1, (short) 1),
                            new NewTopic(t.audit(), 1, (short) 1)))
                    .all()
                    .get();
            // Led, or a producer's first batches could overtake each other.
            Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
            asked.put(new TopicPartition(t.decisions(), 0), OffsetSpec.latest());
            asked.put(new TopicPartition(t.profiles(), 0), OffsetSpec.latest());
            asked.put(new TopicPartition(t.audit(), 0), OffsetSpec.latest());
            for (int p = 0; p < PARTITIONS; p++) {
                asked.put(new TopicPartition(t.clean(), p), OffsetSpec.latest());
                asked.put(new TopicPartition(t.quarantine(), p), OffsetSpec.latest());
            }
            long deadline = System.nanoTime() + 30_000_000_000L;
            while (true) {
                try {
                    admin.listOffsets(asked).all().get();
                    break;
                } catch (ExecutionException e) {
                    // A broker that does not know the topic yet says so at once; the client takes that for an answer.
                    if (!(e.getCause() instanceof UnknownTopicOrPartitionException) || System.nanoTime() > deadline) {
                        throw e;
                    }
                    LockSupport.parkNanos(20_000_000);
                }
            }
        }
        return t;
    }

    private static Map<String, String> kafka() {
        return Map.of("bootstrap.servers", broker.bootstrap());
    }

    private static DeskConfig config(StreamTopics t, Duration hold, String state) {
        return config(
                ContractReader.parse("stream: " + t.stream() + "\nfeatures: [{name: a, type: number}]\n", "test.yaml"),
                t,
                hold,
                state);
    }

    private static DeskConfig config(Contract contract, StreamTopics t, Duration hold, String state) {
        return new DeskConfig(
                contract, kafka(), directory.resolve("desk-" + t.stream()).resolve(state), 0, TOKEN, hold);
    }

    private static KafkaProducer<byte[], byte[]> producer() {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrap(), "max.request.size", String.valueOf(MAX_BYTES)),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }

    private static void quarantine(KafkaProducer<byte[], byte[]> producer, StreamTopics t, KeptRecord r)
            throws Exception {
        RecordHeaders headers = new RecordHeaders();
        r.headers().forEach(h -> headers.add(h.name(), h.value()));
        producer.send(new ProducerRecord<>(
                        t.quarantine(), r.id().partition(), r.timestamp(), r.key(), r.value(), headers))
                .get();
    }

    private static void decide(KafkaProducer<byte[], byte[]> producer, StreamTopics t, Decision decision)
            throws Exception {
        producer.send(new ProducerRecord<>(t.decisions(), decision.encode())).get();
    }

    private static List<ConsumerRecord<byte[], byte[]>> clean(StreamTopics t) {
        Map<String, Object> settings = new HashMap<>(kafka());
        settings.put("isolation.level", "read_committed");
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> all = IntStream.range(0, PARTITIONS)
                    .mapToObj(p -> new TopicPartition(t.clean(), p))
                    .toList();
            consumer.assign(all);
            consumer.seekToBeginning(all);
            Map<TopicPartition, Long> ends = consumer.endOffsets(all);
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            while (all.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
            return records;
        }
    }

    private static String text(ConsumerRecord<byte[], byte[]> record, String header) {
        return DqHeaders.text(record.headers().lastHeader(header).value());
    }

    private HttpRequest.Builder request(Desk desk, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + desk.port() + path));
    }

    private JsonNode get(Desk desk, String path) throws Exception {
        return json.readTree(http.send(request(desk, path).build(), HttpResponse.BodyHandlers.ofString())
                .body());
    }

    private int status(Desk desk, String path) throws Exception {
        return http.send(request(desk, path).build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private static List<String> ids(List<KeptRecord> records) {
        return records.stream().map(r -> r.id().toString()).toList();
    }

    private int release(Desk desk, List<String> ids) throws Exception {
        String body = json.writeValueAsString(
                Map.of("recordIds", ids, "action", "RELEASE", "by", "ada", "why", "seen on site"));
        return http.send(
                        request(desk, "/api/v1/decisions")
                                .header("Authorization", "Bearer " + TOKEN)
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private static void await(String what, Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.call()) {
            assertThat(System.nanoTime()).as(what).isLessThan(deadline);
            Thread.sleep(50);
        }
    }
}
