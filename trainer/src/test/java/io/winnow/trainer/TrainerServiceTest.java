package io.winnow.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.core.contract.Contract;
import io.winnow.core.model.ModelCard;
import io.winnow.core.model.Promotion;
import io.winnow.core.topic.DqHeaders;
import io.winnow.trainer.archive.Archives;
import io.winnow.trainer.archive.ModelSpec;
import io.winnow.trainer.archive.ModelSpec.Shape;
import io.winnow.trainer.archive.OptimizerSpec;
import io.winnow.trainer.archive.PublishedArchive;
import io.winnow.trainer.archive.Scaling;
import io.winnow.trainer.learn.Hyperparameters;
import io.winnow.trainer.pictures.Figures;
import io.winnow.trainer.pictures.Picture;
import io.winnow.trainer.runs.Run;
import io.winnow.trainer.runs.RunEvent;
import io.winnow.trainer.store.Draft;
import io.winnow.trainer.store.LiveCard;
import io.winnow.trainer.store.Machine;
import io.winnow.trainer.store.Manifest;
import io.winnow.trainer.store.ModelStore;
import io.winnow.trainer.store.Origin;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(TorchTest.class)
@Timeout(120)
class TrainerServiceTest {
    private static final Hyperparameters SMALL =
            new Hyperparameters(new Shape(32, 1, 0), OptimizerSpec.DEFAULT, 32, 8e-3, 40, 40_000, 40);
    private static final String TOKEN = "secret";
    private static final Instant START = Instant.parse("2026-01-31T12:00:00Z");

    private final Contract contract = Streams.regression(5_000);
    private final AtomicReference<Instant> now = new AtomicReference<>(START);
    private final InstantSource clock = now::get;

    private int keepModels = 20;

    @TempDir
    Path data;

    /** One life of the service over mock clients. */
    private final class Life implements AutoCloseable {
        final MockConsumer<byte[], byte[]> clean = consumer("s.clean", 2);
        final ModelTopics models = new ModelTopics("s");
        final MockProducer<byte[], byte[]> producer = models.producer();
        TrainerService service;

        Life(List<byte[]> pastPromotions, List<ConsumerRecord<byte[], byte[]>> rows) throws Exception {
            pastPromotions.forEach(promotion -> models.add("s.promotions", promotion));
            clean.assign(List.of(new TopicPartition("s.clean", 0), new TopicPartition("s.clean", 1)));
            add(rows);
            clean.seek(new TopicPartition("s.clean", 0), 0);
            clean.seek(new TopicPartition("s.clean", 1), 0);
            TrainerConfig config = new TrainerConfig(
                    contract,
                    Streams.yaml("number", 5_000),
                    Map.of("bootstrap.servers", "none:1"),
                    data.resolve("models"),
                    keepModels,
                    0,
                    TOKEN,
                    42);
            service = TrainerService.start(config, new Clients(models.consumer(), clean, producer), clock, SMALL);
        }

        void add(List<ConsumerRecord<byte[], byte[]>> rows) {
            rows.forEach(clean::addRecord);
            for (ConsumerRecord<byte[], byte[]> row : rows) {
                clean.updateEndOffsets(Map.of(new TopicPartition("s.clean", row.partition()), row.offset() + 1));
            }
        }

        List<ProducerRecord<byte[], byte[]>> sent(String topic) {
            return producer.history().stream()
                    .filter(r -> r.topic().equals(topic))
                    .toList();
        }

        double metric(String line) {
            return service.metricsPage()
                    .lines()
                    .filter(l -> l.startsWith(line))
                    .mapToDouble(l -> Double.parseDouble(l.substring(l.lastIndexOf(' ') + 1)))
                    .findFirst()
                    .orElse(Double.NaN);
        }

        void await(String what, BooleanSupplier condition) {
            while (!condition.getAsBoolean()) {
                assertThat(Thread.interrupted()).as(what).isFalse();
                LockSupport.parkNanos(1_000_000);
            }
        }

        @Override
        public void close() {
            service.close();
        }
    }

    private static MockConsumer<byte[], byte[]> consumer(String topic, int partitions) {
        MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
        List<PartitionInfo> infos = new ArrayList<>();
        for (int p = 0; p < partitions; p++) {
            infos.add(new PartitionInfo(topic, p, Node.noNode(), new Node[0], new Node[0]));
            consumer.updateBeginningOffsets(Map.of(new TopicPartition(topic, p), 0L));
            consumer.updateEndOffsets(Map.of(new TopicPartition(topic, p), 0L));
        }
        consumer.updatePartitions(topic, infos);
        consumer.updatePartitions("s.quarantine", List.of());
        return consumer;
    }

    static List<ConsumerRecord<byte[], byte[]>> rows(int n, boolean learnable) {
        Random random = new Random(8);
        List<ConsumerRecord<byte[], byte[]>> rows = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            double a = random.nextGaussian();
            double b = random.nextGaussian();
            double y = learnable ? 5 * a * b : random.nextGaussian();
            String json = String.format(
                    Locale.ROOT,
                    "{\"ts\":%d,\"a\":%f,\"b\":%f,\"region\":\"r%d\",\"open\":true,\"y\":%f}",
                    START.toEpochMilli() + i * 60_000L,
                    a,
                    b,
                    i % 3,
                    y);
            rows.add(record(i % 2, i / 2, i, json));
        }
        return rows;
    }

    private static ConsumerRecord<byte[], byte[]> record(int partition, long offset, int i, String json) {
        RecordHeaders headers = new RecordHeaders();
        headers.add(DqHeaders.ID, DqHeaders.text("s.raw/" + partition + "/" + offset));
        headers.add(DqHeaders.PROFILE, DqHeaders.text("e".repeat(64)));
        return new ConsumerRecord<>(
                "s.clean",
                partition,
                offset,
                START.toEpochMilli() + i,
                TimestampType.CREATE_TIME,
                0,
                0,
                ("site" + i % 2).getBytes(StandardCharsets.UTF_8),
                json.getBytes(StandardCharsets.UTF_8),
                headers,
                Optional.empty());
    }

    @Test
    void publishesAModelThenTheNextLifeGoesOnFromItAndRefusesItWhenDamaged() throws Exception {
        List<ConsumerRecord<byte[], byte[]>> rows = rows(2_000, true);
        byte[] promoted;
        ModelCard card;
        try (Life life = new Life(List.of(), rows)) {
            life.await("a model", () -> life.sent("s.promotions").size() == 1);
            ProducerRecord<byte[], byte[]> announced = life.sent("s.models").get(0);
            card = ModelCard.decode(announced.value());
            promoted = life.sent("s.promotions").get(0).value();
            assertThat(announced.key()).isEqualTo(card.id().getBytes(StandardCharsets.UTF_8));
            assertThat(Promotion.decode(promoted).modelId()).isEqualTo(card.id());
            assertThat(card.metric()).isEqualTo("mae");
            assertThat(card.value())
                    .isLessThan(Math.min(
                            card.baselines().noChange(), card.baselines().linear()));
            assertThat(data.resolve("models/s").resolve(card.directory()).resolve("model.pt"))
                    .isRegularFile();
            life.await("rest", () -> life.metric("winnow_trainer_idle{") == 1);
            assertThat(life.metric("winnow_trainer_published_total{")).isEqualTo(1);
            assertThat(life.metric("winnow_trainer_loss{")).isPositive();
            assertThat(life.metric("winnow_trainer_learning_rate{")).isPositive();
            now.set(START.plusSeconds(90));
            String age = "winnow_trainer_champion_age_seconds{model=\"" + card.id() + '"';
            life.await("its age", () -> life.metric(age) == 90);
            now.set(START);
            assertThat(life.metric("winnow_trainer_holdout{contender=\"model\""))
                    .isEqualTo(card.value());
        }
        assertThat(Run.below(data.resolve("runs"))).anySatisfy(directory -> {
            Run run = Run.read(directory);
            assertThat(run.started().rows()).isEqualTo(card.rows());
            assertThat(run.passes()).isNotEmpty();
            assertThat(run.ended().orElseThrow().end()).isEqualTo(RunEvent.End.FINISHED);
        });
        try (Life life = new Life(List.of(promoted), rows)) {
            life.await("rest", () -> life.metric("winnow_trainer_idle{") == 1);
            assertThat(life.metric("winnow_trainer_trainings_total{")).isZero();
        }
        Path model = data.resolve("models/s").resolve(card.directory()).resolve("model.pt");
        byte[] bytes = Files.readAllBytes(model);
        bytes[bytes.length / 2] ^= 1;
        Files.write(model, bytes);
        try (Life life = new Life(List.of(promoted), rows)) {
            // The damaged one is refused and no rival; the id of the next one differs by its second.
            now.set(START.plusSeconds(60));
            life.await("another model", () -> life.sent("s.promotions").size() == 1);
            assertThat(life.metric("winnow_trainer_corrupt_total{")).isEqualTo(1);
            ModelCard next = ModelCard.decode(life.sent("s.models").get(0).value());
            assertThat(next.champion()).isNull();
            assertThat(next.parent()).isNull();
        }
    }

    @Test
    void aStreamThatCannotBeLearnedIsRejectedWithAReasonAndBadRecordsAreCounted() throws Exception {
        List<ConsumerRecord<byte[], byte[]>> rows = new ArrayList<>(rows(600, false));
        rows.add(record(0, 300, 600, "released although it is no JSON"));
        try (Life life = new Life(List.of(), rows)) {
            life.await("a training", () -> life.metric("winnow_trainer_training_seconds_count{") == 1);
            life.await("rest", () -> life.metric("winnow_trainer_idle{") == 1);
            double rejected = life.metric("winnow_trainer_rejected_total{reason=\"no_change\"")
                    + life.metric("winnow_trainer_rejected_total{reason=\"constant\"")
                    + life.metric("winnow_trainer_rejected_total{reason=\"linear\"");
            assertThat(rejected).isEqualTo(1);
            assertThat(life.metric("winnow_trainer_undecodable_total{")).isEqualTo(1);
            assertThat(life.metric("winnow_trainer_rows_total{")).isEqualTo(600);
            assertThat(life.producer.history()).isEmpty();
        }
    }

    @Test
    void aStreamThatEndsWithoutAModelIsTrainedOnceMore() throws Exception {
        List<ConsumerRecord<byte[], byte[]>> rows = rows(660, false);
        try (Life life = new Life(List.of(), rows.subList(0, 450))) {
            life.await("a training", () -> life.metric("winnow_trainer_training_seconds_count{") == 1);
            life.add(rows.subList(450, 660));
            life.await("everything read", () -> life.metric("winnow_trainer_rows_total{") == 660);
            life.await("rest", () -> life.metric("winnow_trainer_idle{") == 1);
            assertThat(life.metric("winnow_trainer_trainings_total{")).isEqualTo(1);
            now.set(START.plus(Duration.ofSeconds(3)));
            life.await("a training", () -> life.metric("winnow_trainer_trainings_total{") == 2);
        }
    }

    @Test
    void followsWhatAnOperatorDecidesAndTrainsOnlyWhatMayBeReplaced() throws Exception {
        keepModels = 1;
        try (Life life = new Life(List.of(), rows(2_000, true))) {
            life.await(
                    "a model",
                    () -> life.metric("winnow_trainer_idle{") == 1
                            && life.sent("s.promotions").size() == 1);
            String first =
                    ModelCard.decode(life.sent("s.models").get(0).value()).id();
            life.await("its metric", () -> life.metric(champion(first)) == START.getEpochSecond());
            now.set(START.plusSeconds(60));
            decide(life, Promotion.Action.PIN, first);
            life.await("the pin", () -> life.metric("winnow_trainer_pinned{") == 1);
            assertThat(retrain(life)).isEqualTo(409);
            decide(life, Promotion.Action.UNPIN, first);
            life.await("no pin", () -> life.metric("winnow_trainer_pinned{") == 0);
            assertThat(retrain(life)).isEqualTo(202);
            life.await("a training", () -> life.metric("winnow_trainer_training_seconds_count{") == 2);
            // Who beats whom by noise is not the point: an operator's word counts either way.
            decide(life, Promotion.Action.RETIRE, first);
            life.await("another or nobody", () -> Double.isNaN(life.metric(champion(first))));
            life.await("rest", () -> life.metric("winnow_trainer_idle{") == 1);
        }
    }

    private static String champion(String id) {
        return "winnow_trainer_champion_published_seconds{model=\"" + id + "\"";
    }

    private void decide(Life life, Promotion.Action action, String id) {
        life.models.add(
                "s.promotions", new Promotion("s", action, id, now.get().toString(), "ada", "because").encode());
    }

    private static int retrain(Life life) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + life.service.port() + "/retrain"))
                                .header("Authorization", "Bearer " + TOKEN)
                                .POST(HttpRequest.BodyPublishers.noBody())
                                .build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    @Test
    void aModelHasItsPicturesAndWhatItTakesToMakeItAgain() throws Exception {
        try (Life life = new Life(List.of(), rows(2_000, true))) {
            life.await("a model", () -> life.sent("s.promotions").size() == 1);
            ModelCard card = ModelCard.decode(life.sent("s.models").get(0).value());
            Path directory = data.resolve("models/s").resolve(card.directory());
            for (Picture picture : Picture.values()) {
                assertThat(directory.resolve(picture.file())).isRegularFile();
            }
            Origin origin = ModelStore.reading(data.resolve("models"), "s")
                    .manifest(card.id())
                    .origin();
            assertThat(origin.contract()).isEqualTo(Streams.yaml("number", 5_000));
            assertThat(origin.hyperparameters()).isEqualTo(SMALL);
            assertThat(origin.profile()).isEqualTo("e".repeat(64));
            assertThat(origin.machine()).isEqualTo(Machine.here());
        }
    }

    @Test
    void whatTheChampionLearnsSinceIsWrittenAndAnotherChampionTakesItsPlace() throws Exception {
        List<ConsumerRecord<byte[], byte[]>> rows = rows(2_400, true);
        ModelStore store = ModelStore.reading(data.resolve("models"), "s");
        byte[] promoted;
        ModelCard first;
        try (Life life = new Life(List.of(), rows.subList(0, 2_000))) {
            life.await(
                    "a model",
                    () -> life.metric("winnow_trainer_idle{") == 1
                            && life.sent("s.promotions").size() == 1);
            promoted = life.sent("s.promotions").get(0).value();
            first = ModelCard.decode(life.sent("s.models").get(0).value());
            assertThat(store.live(first.id()).orElseThrow().updates()).isZero();
            assertThat(state(first, "live.pt")).isEqualTo(state(first, first.id() + "/model.pt"));

            life.add(rows.subList(2_000, 2_300));
            life.await("all rows", () -> life.metric("winnow_trainer_rows_total{") == 2_300);
            now.set(START.plusSeconds(10));
            // Counted after it was written.
            life.await("its updates", () -> life.metric("winnow_trainer_updates_total{") == 2);
            assertThat(updates(store, first.id())).isPositive();
            LiveCard said = store.live(first.id()).orElseThrow();
            assertThat(said.sha256()).isEqualTo(first.sha256());
            assertThat(said.value()).isLessThan(said.baselines().linear());
            assertThat(state(first, "live.pt")).isNotEqualTo(state(first, first.id() + "/model.pt"));
            assertThat(life.metric("winnow_trainer_updates_total{")).isEqualTo(2);

            life.add(rows.subList(2_300, 2_400));
            life.await("all rows", () -> life.metric("winnow_trainer_rows_total{") == 2_400);
            // Said after they were learned.
            decide(life, Promotion.Action.PIN, first.id());
            life.await("the pin", () -> life.metric("winnow_trainer_pinned{") == 1);
            assertThat(store.live(first.id())).contains(said);
        }
        assertThat(updates(store, first.id())).as("at the end").isEqualTo(8);

        publishWorse(first, "other");
        byte[] other = new Promotion("s", Promotion.Action.PROMOTE, "other", START.toString(), "ada", "").encode();
        // No row that it does not know: nothing is trained.
        try (Life life = new Life(List.of(promoted, other), rows.subList(0, 2_000))) {
            life.await("the other", () -> updates(store, "other") == 0);
            life.await("all rows", () -> life.metric("winnow_trainer_rows_total{") == 2_000);
            now.set(START.plusSeconds(20));
            life.await("that it is held back", () -> life.metric("winnow_trainer_updates_held{") == 1);
            assertThat(updates(store, "other")).isZero();
            decide(life, Promotion.Action.ROLL_BACK, first.id());
            life.await("the first", () -> updates(store, first.id()) == 0);
            assertThat(life.metric("winnow_trainer_updates_held{")).isZero();
            assertThat(life.metric("winnow_trainer_trainings_total{")).isZero();
        }
    }

    private static int updates(ModelStore store, String id) {
        return store.live(id).map(LiveCard::updates).orElse(-1);
    }

    /** The weights of one of the stream's archives, which are all of this model's shape. */
    private float[] state(ModelCard card, String file) throws Exception {
        Path models = data.resolve("models");
        ModelSpec spec = ModelStore.reading(models, "s").manifest(card.id()).spec();
        return PublishedArchive.read(models.resolve("s").resolve(file), spec).state();
    }

    /** The same model, whose answers are far off. */
    private void publishWorse(ModelCard good, String id) throws Exception {
        ModelStore store = new ModelStore(data.resolve("models"), "s");
        Manifest manifest = store.manifest(good.id());
        PublishedArchive archive = PublishedArchive.read(store.file(good.id()), manifest.spec());
        Scaling s = archive.scaling();
        store.publish(new Draft(
                Archives.published(
                        manifest.spec(),
                        new Scaling(s.means(), s.deviations(), s.center(), s.level(), 1_000 * s.step()),
                        archive.state()),
                manifest.spec(),
                manifest.target(),
                manifest.origin(),
                Figures.NONE,
                null,
                sha256 -> new ModelCard(
                        id,
                        good.stream(),
                        good.createdAt(),
                        good.metric(),
                        good.value(),
                        good.baselines(),
                        null,
                        good.rows(),
                        good.holdoutRows(),
                        good.slices(),
                        good.window(),
                        good.labels(),
                        good.contractHash(),
                        good.seed(),
                        null,
                        good.codeVersion(),
                        good.hyperparameters(),
                        sha256,
                        id)));
    }

    @Test
    void theDiskBeingFullKeepsTheTrainerGoing() throws Exception {
        // A file where the stream's directory loses its place after the start has the same effect as a full disk.
        List<ConsumerRecord<byte[], byte[]>> rows = rows(450, true);
        try (Life life = new Life(List.of(), rows.subList(0, 100))) {
            life.await("rest", () -> life.metric("winnow_trainer_idle{") == 1);
            Files.delete(data.resolve("models/s"));
            Files.writeString(data.resolve("models/s"), "in the way");
            life.add(rows.subList(100, 450));
            life.await("the training's end", () -> life.metric("winnow_trainer_training_seconds_count{") == 1);
            assertThat(life.metric("winnow_trainer_rejected_total{reason=\"failed\""))
                    .isEqualTo(1);
            life.await("rest", () -> life.metric("winnow_trainer_idle{") == 1);
            assertThat(life.producer.history()).isEmpty();
        }
    }

    @Test
    void metricsAreServedOnLoopbackOnly() throws Exception {
        try (Life life = new Life(List.of(), List.of())) {
            HttpResponse<String> page = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + life.service.port() + "/metrics"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.body()).contains("winnow_trainer_rows_total{stream=\"s\"} 0.0");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS"})
    void metricsAnswerNothingButGet(String method) throws Exception {
        try (Life life = new Life(List.of(), List.of())) {
            HttpResponse<String> answer = HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + life.service.port() + "/metrics"))
                                    .method(method, HttpRequest.BodyPublishers.noBody())
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(405);
            assertThat(answer.headers().firstValue("Allow")).contains("GET");
        }
    }
}
