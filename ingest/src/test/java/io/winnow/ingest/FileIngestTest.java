package io.winnow.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.winnow.core.contract.Contract;
import io.winnow.core.contract.ContractReader;
import io.winnow.core.contract.LabelContract;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileIngestTest {
    private static final Contract GRID = ContractReader.parse("""
            stream: grid
            key: site
            features:
              - {name: demand, type: number, required: true}
              - {name: site, type: category}
            """, "grid.yaml");

    @TempDir
    Path folder;

    private final FakeTime time = new FakeTime();
    private final List<String> notes = new ArrayList<>();

    private final Progress progress = new Progress() {
        @Override
        public void at(Position position) {}

        @Override
        public void note(String line) {
            notes.add(line.replace(folder + "/", ""));
        }

        @Override
        public void close() {}
    };

    private static MockProducer<byte[], byte[]> producer(boolean acknowledgesAtOnce) {
        return new MockProducer<>(
                cluster(), acknowledgesAtOnce, null, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private IngestPlan plan(Optional<Contract> contract, Path... files) {
        return new IngestPlan(
                "grid",
                false,
                List.of(files),
                contract,
                Map.of("bootstrap.servers", "localhost:9092"),
                Double.POSITIVE_INFINITY,
                folder.resolve("aside"));
    }

    private FileIngest ingest(IngestPlan plan, MockProducer<byte[], byte[]> producer) {
        return new FileIngest(plan, progress, time, InputStream.nullInputStream(), producer);
    }

    private Path file(String name, String content) throws IOException {
        return Files.write(folder.resolve(name), content.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static List<String> values(MockProducer<byte[], byte[]> producer) {
        return producer.history().stream()
                .map(r -> new String(r.value(), StandardCharsets.ISO_8859_1))
                .toList();
    }

    private static byte[] gzip(String content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            out.write(content.getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    @Test
    void sendsEveryLineInOrderAndWhatCannotBeReadAsItIs() throws Exception {
        var producer = producer(true);
        Path file = file("f.ndjson", "{\"demand\":1}\n{\"demand\":\n\n{ \"demand\" : 1e400 }\n\u00ff\u00fe\n{\"a\":2}");
        IngestReport report = ingest(plan(Optional.empty(), file), producer).run();
        assertThat(values(producer))
                .containsExactly(
                        "{\"demand\":1}", "{\"demand\":", "", "{ \"demand\" : 1e400 }", "\u00ff\u00fe", "{\"a\":2}");
        assertThat(report.sent()).isEqualTo(6);
        assertThat(report.unreadable()).isEqualTo(3);
        assertThat(notes)
                .containsExactly(
                        "f.ndjson:2: is not valid JSON; sent as it is",
                        "f.ndjson:3: is empty; sent as it is",
                        "f.ndjson:5: is not valid UTF-8; sent as it is");
        assertThat(producer.closed()).isTrue();
    }

    @Test
    void theContractTypesCellsAndNamesTheKey() throws Exception {
        var producer = producer(true);
        Path file = file("f.csv", "site,demand\n7,1.50\n8,\n,oops\n");
        ingest(plan(Optional.of(GRID), file), producer).run();
        assertThat(values(producer))
                .containsExactly("{\"site\":\"7\",\"demand\":1.50}", "{\"site\":\"8\"}", "{\"demand\":\"oops\"}");
        assertThat(producer.history().stream().map(ProducerRecord::key))
                .containsExactly(new byte[] {'7'}, new byte[] {'8'}, null);
        assertThat(producer.history()).allMatch(r -> r.topic().equals("grid.raw") && r.partition() == null);
    }

    @Test
    void readsGzipWhateverItsNameAndTheStandardInput() throws Exception {
        var producer = producer(true);
        Path file = Files.write(folder.resolve("plain.csv"), gzip("demand\n1\n2\n"));
        InputStream stdin = new ByteArrayInputStream(gzip("{\"demand\":3}\n"));
        IngestPlan plan = plan(Optional.empty(), file, IngestPlan.STDIN);
        new FileIngest(plan, progress, time, stdin, producer).run();
        assertThat(values(producer)).containsExactly("{\"demand\":1}", "{\"demand\":2}", "{\"demand\":3}");
    }

    @Test
    void onlyTheFirstProblemsAreNamedButAllAreCounted() throws Exception {
        var producer = producer(true);
        IngestReport report = ingest(plan(Optional.empty(), file("f.ndjson", "nope\n".repeat(100))), producer)
                .run();
        assertThat(report.unreadable()).isEqualTo(100);
        assertThat(report.sent()).isEqualTo(100);
        assertThat(notes).hasSize(20);
    }

    @Test
    void aFailedSendEndsTheRunAndSaysWhatWasAcknowledged() throws Exception {
        Path file = file("f.ndjson", "{\"demand\":1}\n".repeat(1_000));
        var failing = new MockProducer<>(cluster(), true, null, new ByteArraySerializer(), new ByteArraySerializer()) {
            @Override
            public synchronized java.util.concurrent.Future<org.apache.kafka.clients.producer.RecordMetadata> send(
                    ProducerRecord<byte[], byte[]> record, org.apache.kafka.clients.producer.Callback callback) {
                if (history().size() == 100) {
                    TimeoutException e = new TimeoutException("Expiring 1 record(s)");
                    callback.onCompletion(null, e);
                    return CompletableFuture.failedFuture(e);
                }
                return super.send(record, callback);
            }
        };
        IngestException e = catchThrowableOfType(
                IngestException.class,
                () -> ingest(plan(Optional.empty(), file), failing).run());
        assertThat(e)
                .hasMessageContaining("f.ndjson:101: was not acknowledged (TimeoutException")
                .hasMessageContaining("100 records in all");
        assertThat(e.acknowledged()).isEqualTo(100);
        assertThat(failing.history()).hasSize(100);
    }

    private static Cluster cluster() {
        Node node = new Node(0, "localhost", 9092);
        Node[] nodes = {node};
        return new Cluster(
                "c",
                List.of(node),
                List.of(
                        new PartitionInfo("grid.raw", 0, node, nodes, nodes),
                        new PartitionInfo("grid.labels", 0, node, nodes, nodes)),
                java.util.Set.of(),
                java.util.Set.of());
    }

    @Test
    void aRecordThatTheTopicDoesNotTakeIsKeptAsideAndTheRunGoesOn() throws Exception {
        String large = "{\"text\":\"" + "x".repeat(5_000) + "\"}";
        Path file = file("f.ndjson", "{\"demand\":1}\n" + large + "\n{\"demand\":2}\n");
        var producer = new MockProducer<>(cluster(), true, null, new ByteArraySerializer(), new ByteArraySerializer()) {
            @Override
            public synchronized java.util.concurrent.Future<org.apache.kafka.clients.producer.RecordMetadata> send(
                    ProducerRecord<byte[], byte[]> record, org.apache.kafka.clients.producer.Callback callback) {
                if (record.value().length > 1_000) {
                    RecordTooLargeException e = new RecordTooLargeException("too large");
                    callback.onCompletion(null, e);
                    return CompletableFuture.failedFuture(e);
                }
                return super.send(record, callback);
            }
        };
        IngestReport report = ingest(plan(Optional.empty(), file), producer).run();
        assertThat(report.sent()).isEqualTo(2);
        assertThat(report.tooLarge()).isEqualTo(1);
        assertThat(folder.resolve("aside/grid.too-large.ndjson")).hasContent(large + "\n");
        assertThat(notes).singleElement().asString().startsWith("f.ndjson:2: is larger than the topic takes");
    }

    @Test
    void aStopDeliversWhatWasReadAndReturns() throws Exception {
        var producer = producer(false);
        try (PipedOutputStream feed = new PipedOutputStream();
                PipedInputStream stdin = new PipedInputStream(feed)) {
            FileIngest ingest =
                    new FileIngest(plan(Optional.empty(), IngestPlan.STDIN), progress, time, stdin, producer);
            CompletableFuture<IngestReport> run = CompletableFuture.supplyAsync(() -> {
                try {
                    return ingest.run();
                } catch (IngestException e) {
                    throw new IllegalStateException(e);
                }
            });
            feed.write("{\"demand\":1}\n{\"demand\":2}\n".getBytes(StandardCharsets.US_ASCII));
            feed.flush();
            while (producer.history().size() < 2) {
                Thread.onSpinWait();
            }
            // The run hangs in a read: the stop delivers what was handed over all the same.
            ingest.stop(Duration.ofMillis(1));
            assertThat(producer.flushed()).isTrue();
            feed.write("{\"demand\":3}\n".getBytes(StandardCharsets.US_ASCII));
            feed.flush();
            IngestReport report = run.get(10, TimeUnit.SECONDS);
            assertThat(report.interrupted()).isTrue();
            assertThat(report.sent()).isBetween(2L, 3L);
        }
    }

    @Test
    void theRateHolds() throws Exception {
        Path file = file("f.ndjson", "{\"demand\":1}\n".repeat(101));
        IngestPlan slow = new IngestPlan(
                "grid", false, List.of(file), Optional.empty(), Map.of("bootstrap.servers", "x:1"), 10, folder);
        IngestReport report = ingest(slow, producer(true)).run();
        assertThat(report.seconds()).isBetween(9.9, 10.1);
        assertThat(report.summary()).startsWith("101 records acknowledged in 10.0 s (10 records/s");
    }

    @Test
    void aBrokenGzipEndsTheRunWithTheLineItReached() throws Exception {
        var producer = producer(true);
        byte[] whole = gzip("{\"demand\":1}\n".repeat(10) + "x".repeat(10_000).replace("x", "{\"d\":1}\n"));
        Path file = Files.write(folder.resolve("f.ndjson.gz"), java.util.Arrays.copyOf(whole, whole.length - 9));
        assertThatThrownBy(() -> ingest(plan(Optional.empty(), file), producer).run())
                .isInstanceOf(IngestException.class)
                .hasMessageMatching("(?s).*f.ndjson.gz: cannot be read on after line \\d+ \\(EOFException.*"
                        + "\\d+ records were acknowledged")
                .hasMessageNotContainingAny("\n");
    }

    @Test
    void oneClearLineForAMissingFileOrColumnOrTopic() throws Exception {
        assertThatThrownBy(() -> ingest(plan(Optional.empty(), folder.resolve("none.csv")), producer(true))
                        .run())
                .isInstanceOf(IngestException.class)
                .hasMessageContaining("none.csv: is no file that can be read");
        Path other = file("other.csv", "a,b\n1,2\n");
        assertThatThrownBy(() ->
                        ingest(plan(Optional.of(GRID), other), producer(true)).run())
                .isInstanceOf(IngestException.class)
                .hasMessageContaining("other.csv:1: has no column 'site'");
        var nowhere = producer(true);
        nowhere.partitionsForException = new TimeoutException("Topic grid.raw not present in metadata");
        assertThatThrownBy(() -> ingest(plan(Optional.empty(), other), nowhere).run())
                .isInstanceOf(IngestException.class)
                .hasMessageContaining("topic grid.raw cannot be had from localhost:9092");
    }

    @Test
    void labelsGoToTheirOwnTopicWithTheirKeyAndTypes() throws Exception {
        Contract labelled = ContractReader.parse(
                "stream: grid\nkey: site\ntime: {field: ts}\nfeatures: [{name: demand, type: number, required: true}]\n"
                        + "target: {name: price, type: number}\nlabels: {within: 24h}\n",
                "grid.yaml");
        IngestPlan plan = new IngestPlan(
                "grid",
                true,
                List.of(file("labels.csv", "site,ts,price\n7,2026-01-31T12:00:00Z,41.5\n")),
                Optional.of(LabelContract.of(labelled)),
                Map.of("bootstrap.servers", "localhost:9092"),
                1,
                folder);
        var producer = producer(true);
        ingest(plan, producer).run();
        assertThat(producer.history()).singleElement().satisfies(label -> {
            assertThat(label.topic()).isEqualTo("grid.labels");
            assertThat(label.key()).isEqualTo("7".getBytes(StandardCharsets.UTF_8));
            assertThat(new String(label.value(), StandardCharsets.UTF_8))
                    .contains("\"ts\":\"2026-01-31T12:00:00Z\"")
                    .contains("\"price\":41.5");
        });
    }

    @Test
    void refusesPlansThatMakeNoSense() {
        Path a = folder.resolve("a.csv");
        assertThatThrownBy(() -> plan(Optional.empty(), a, folder.resolve("./a.csv")))
                .hasMessageContaining("is given twice");
        assertThatThrownBy(() -> new IngestPlan(
                        "other", false, List.of(a), Optional.of(GRID), Map.of("bootstrap.servers", "x"), 1, a))
                .hasMessageContaining("the contract is for stream 'grid'");
        assertThatThrownBy(() -> new IngestPlan(
                        "grid", false, List.of(a), Optional.empty(), Map.of("bootstrap.servers", "x"), 0, a))
                .hasMessageContaining("the rate must be above 0");
    }

    @Test
    void nothingThatAUserSetsCanMakeItLoseOrDoubleRecords() {
        IngestPlan plan = new IngestPlan(
                "grid",
                false,
                List.of(Path.of("a")),
                Optional.empty(),
                Map.of("bootstrap.servers", "x:1", "acks", "0", "enable.idempotence", "false", "linger.ms", "5"),
                1,
                folder);
        assertThat(Producers.settings(plan))
                .containsEntry("acks", "all")
                .containsEntry("enable.idempotence", true)
                .containsEntry("linger.ms", "5")
                .containsEntry("batch.size", 131_072);
    }
}
