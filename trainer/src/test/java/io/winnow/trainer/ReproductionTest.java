package io.winnow.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.core.contract.Contract;
import io.winnow.core.model.Baselines;
import io.winnow.core.model.ModelCard;
import io.winnow.core.model.OffsetRange;
import io.winnow.core.model.Slices;
import io.winnow.trainer.archive.ModelSpec.Shape;
import io.winnow.trainer.archive.OptimizerSpec;
import io.winnow.trainer.evaluation.Challenger;
import io.winnow.trainer.evaluation.Trial;
import io.winnow.trainer.learn.Hyperparameters;
import io.winnow.trainer.learn.Learner.Learned;
import io.winnow.trainer.pictures.Figures;
import io.winnow.trainer.store.Draft;
import io.winnow.trainer.store.Machine;
import io.winnow.trainer.store.Manifest;
import io.winnow.trainer.store.ModelStore;
import io.winnow.trainer.store.Origin;
import io.winnow.trainer.window.CleanRow;
import io.winnow.trainer.window.LiveWindow;
import io.winnow.trainer.window.Window;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(TorchTest.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReproductionTest {
    private static final Hyperparameters SMALL =
            new Hyperparameters(new Shape(32, 1, 0.1), OptimizerSpec.DEFAULT, 32, 8e-3, 40, 40_000, 40);
    private static final TopicPartition ZERO = new TopicPartition("s.clean", 0);
    private static final TopicPartition ONE = new TopicPartition("s.clean", 1);

    private MockConsumer<byte[], byte[]> clean;
    private List<ConsumerRecord<byte[], byte[]>> rows;
    private Path scratch;
    private Manifest manifest;

    /** Trains once on the middle of a topic that goes on, and publishes. */
    @BeforeAll
    void train(@TempDir Path directory) throws Exception {
        scratch = Files.createDirectories(directory.resolve("scratch"));
        rows = TrainerServiceTest.rows(1_000, true);
        manifest = published(directory, "m1", SMALL, Optional.empty());
    }

    @BeforeEach
    void fill() {
        rows = TrainerServiceTest.rows(1_000, true);
        clean = new MockConsumer<>("earliest");
        clean.updatePartitions(
                "s.clean",
                List.of(
                        new PartitionInfo("s.clean", 0, Node.noNode(), new Node[0], new Node[0]),
                        new PartitionInfo("s.clean", 1, Node.noNode(), new Node[0], new Node[0])));
        clean.updateBeginningOffsets(Map.of(ZERO, 0L, ONE, 0L));
        clean.updateEndOffsets(Map.of(ZERO, 500L, ONE, 500L));
    }

    private Manifest published(Path directory, String id, Hyperparameters hyper, Optional<Origin.Parent> parent)
            throws Exception {
        Contract contract = Streams.regression(5_000);
        CleanRecords records = new CleanRecords(contract);
        LiveWindow live = new LiveWindow(contract);
        for (ConsumerRecord<byte[], byte[]> record : rows.subList(100, 900)) {
            CleanRow row = records.decode(record, false);
            assertThat(row).isNotNull();
            live.add(row);
        }
        Window window = live.cut();
        ModelStore store = new ModelStore(directory.resolve("models"), "s");
        Optional<Learned> start = parent.isEmpty() ? Optional.empty() : Optional.of(store.start(parent.get()));
        Challenger challenger = new Trial(scratch, hyper, () -> false)
                .challenger(window, start, 9, (learned, cut, history, split) -> {});
        assertThat(challenger.warm()).isEqualTo(parent.isPresent());
        store.publish(new Draft(
                challenger.archive(),
                challenger.learned().recipe().spec(),
                "y",
                new Origin(Streams.yaml("number", 5_000), null, hyper, parent.orElse(null), Machine.here()),
                Figures.NONE,
                challenger.learned(),
                sha -> card(id, challenger, window, sha)));
        challenger.close();
        return store.manifest(id);
    }

    private static ModelCard card(String id, Challenger challenger, Window window, String sha) {
        return new ModelCard(
                id,
                "s",
                "2026-03-02T00:00:00Z",
                ModelCard.MAE,
                challenger.losses().mean(),
                new Baselines(1, 1, null),
                null,
                window.size(),
                challenger.losses().perRow().length,
                Slices.NONE,
                window.ranges(),
                window.labelRanges(),
                window.contract().hash(),
                9,
                null,
                Version.text(),
                Map.of(),
                sha,
                id);
    }

    /** Puts the topic's records where the consumer finds them once it has sought its place. */
    private void serve() {
        clean.schedulePollTask(() -> rows.forEach(clean::addRecord));
    }

    @Test
    void theSameRowsGiveTheSameBytes() throws Exception {
        serve();
        Reproduction.Result result = Reproduction.run(manifest, Optional.empty(), clean, scratch);
        assertThat(result.reasons()).isEmpty();
        assertThat(result.equal()).isTrue();
        assertThat(result.sha256()).isEqualTo(manifest.card().sha256());
        assertThat(result.value()).isEqualTo(manifest.card().value());
        assertThat(scratch).isEmptyDirectory();
    }

    /** It lies on disk as it was before its holdout: with it, and only with it, the same bytes come out. */
    @Test
    void aModelThatBeganFromAnotherIsRepeatedWithIt(@TempDir Path directory) throws Exception {
        Manifest first = published(directory, "m1", SMALL, Optional.empty());
        Origin.Parent parent = new Origin.Parent("m1", first.start().sha256());
        Manifest second = published(directory, "m2", SMALL.withRowBudget(1_000), Optional.of(parent));
        assertThat(second.origin().warmStart()).isEqualTo(parent);

        ModelStore store = new ModelStore(directory.resolve("models"), "s");
        serve();
        Reproduction.Result result =
                Reproduction.run(second, Optional.of(store.start(second.origin().warmStart())), clean, scratch);
        assertThat(result.equal()).isTrue();
    }

    @Test
    void saysWhatRetentionHasEaten() throws Exception {
        clean.updateBeginningOffsets(Map.of(ZERO, 0L, ONE, 60L));
        Reproduction.Result result = Reproduction.run(manifest, Optional.empty(), clean, scratch);
        assertThat(result.equal()).isFalse();
        assertThat(result.sha256()).isNull();
        assertThat(result.reasons())
                .containsExactly("retention has removed rows that it was trained on: s.clean-1 has offsets from 60,"
                        + " and the window begins at 50");
    }

    @Test
    void saysThatATopicWasMadeAnew() throws Exception {
        clean.updateEndOffsets(Map.of(ZERO, 10L, ONE, 500L));
        assertThat(Reproduction.run(manifest, Optional.empty(), clean, scratch).reasons())
                .singleElement()
                .asString()
                .contains("s.clean-0 ends before offset 450");
    }

    @Test
    void saysWhatDiffersInTheMachineAndTheRows() throws Exception {
        // One row's content is not what it was.
        ConsumerRecord<byte[], byte[]> changed = rows.get(200);
        byte[] value = new String(changed.value(), java.nio.charset.StandardCharsets.UTF_8)
                .replace("\"open\":true", "\"open\":false")
                .getBytes(java.nio.charset.StandardCharsets.UTF_8);
        rows.set(
                200,
                new ConsumerRecord<>(
                        changed.topic(),
                        changed.partition(),
                        changed.offset(),
                        changed.timestamp(),
                        changed.timestampType(),
                        0,
                        0,
                        changed.key(),
                        value,
                        changed.headers(),
                        Optional.empty()));
        serve();
        Origin origin = manifest.origin();
        Manifest elsewhere = new Manifest(
                manifest.card(),
                new Origin(
                        origin.contract(),
                        null,
                        origin.hyperparameters(),
                        null,
                        new Machine("sparc", origin.machine().device(), 64)),
                null,
                manifest.target(),
                manifest.signature(),
                manifest.rows(),
                manifest.columns(),
                manifest.answer(),
                manifest.spec());
        Reproduction.Result result = Reproduction.run(elsewhere, Optional.empty(), clean, scratch);
        assertThat(result.equal()).isFalse();
        assertThat(result.sha256()).isNotNull().isNotEqualTo(manifest.card().sha256());
        assertThat(result.reasons()).hasSize(2);
        assertThat(result.reasons().get(0)).startsWith("it was trained on CPU family sparc, and this is ");
        assertThat(result.reasons().get(1)).startsWith("it was trained with 64 threads, and this process has ");
    }

    @Test
    void theWindowIsThatOfTheCard() {
        assertThat(manifest.card().window()).containsExactly(new OffsetRange(0, 50, 450), new OffsetRange(1, 50, 450));
    }
}
