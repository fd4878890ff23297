package io.winnow.trainer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.winnow.core.model.Baselines;
import io.winnow.core.model.ChampionHistory;
import io.winnow.core.model.ModelCard;
import io.winnow.core.model.OffsetRange;
import io.winnow.core.model.Promotion;
import io.winnow.core.model.Slices;
import io.winnow.trainer.archive.Archives;
import io.winnow.trainer.archive.ModelSpec;
import io.winnow.trainer.archive.OptimizerSpec;
import io.winnow.trainer.archive.PublishedArchive;
import io.winnow.trainer.archive.Scaling;
import io.winnow.trainer.archive.TorchArchive;
import io.winnow.trainer.evaluation.Champion;
import io.winnow.trainer.learn.Horizon;
import io.winnow.trainer.learn.Hyperparameters;
import io.winnow.trainer.learn.Learner.Epoch;
import io.winnow.trainer.learn.Learner.Learned;
import io.winnow.trainer.learn.Recipe;
import io.winnow.trainer.pictures.Figures;
import io.winnow.trainer.pictures.Picture;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelStoreTest {
    private static final ModelSpec SPEC = new ModelSpec(
            List.of(new ModelSpec.Column("a", false)),
            List.of(new ModelSpec.Category("c", List.of("x", "y"))),
            List.of("no", "yes"),
            List.of(1, 2),
            List.of(2),
            false,
            new ModelSpec.Shape(4, 1, 0.1));

    @TempDir
    Path models;

    private static TorchArchive archive() {
        Scaling scaling = new Scaling(new double[1], new double[] {1}, 0, 1, 1);
        return Archives.published(SPEC, scaling, new float[Archives.stateSize(SPEC)]);
    }

    private static final Origin ORIGIN =
            new Origin("stream: s", "c".repeat(64), Hyperparameters.DEFAULT, null, new Machine("amd64", "cpu()", 2));

    private static final Figures FIGURES = new Figures(
            "y",
            List.of("no", "yes"),
            List.of(new Epoch(0.7, 0.6), new Epoch(0.5, 0.4)),
            new long[] {1_000, 2_000, 3_000},
            new double[] {0, 1, 1},
            new double[] {0, 1, 0},
            List.of(new Figures.Input("a", 0.2)),
            new float[] {0, 1, 2, 2});

    private static Draft draft(Function<String, ModelCard> card) {
        return new Draft(archive(), SPEC, "y", ORIGIN, FIGURES, null, card);
    }

    /** Publishes models of these ids, each with its parent if it has one. */
    private static void publish(ModelStore store, String id, @Nullable String warmStart) throws IOException {
        Origin.Parent parent = warmStart == null ? null : new Origin.Parent(warmStart, "d".repeat(64));
        Origin origin = new Origin(ORIGIN.contract(), null, ORIGIN.hyperparameters(), parent, ORIGIN.machine());
        store.publish(new Draft(archive(), SPEC, "y", origin, Figures.NONE, null, sha -> card(id, sha)));
    }

    private static ModelCard card(String id, String sha256) {
        return new ModelCard(
                id,
                "s",
                "2026-01-31T12:00:00Z",
                ModelCard.ACCURACY,
                0.9,
                new Baselines(0.5, 0.6, 0.4),
                0.8,
                1_000,
                200,
                Slices.NONE,
                List.of(new OffsetRange(0, 0, 1_000)),
                List.of(),
                "a".repeat(64),
                1,
                "before",
                "0.1.0",
                Map.of(),
                sha256,
                id);
    }

    @Test
    void whatIsPublishedLoadsAgain() throws Exception {
        Champion published = new ModelStore(models, "s").publish(draft(sha -> card("m1", sha)));
        Champion loaded = new ModelStore(models, "s").load("m1");
        assertThat(loaded).isEqualTo(published);
        assertThat(models.resolve("s/m1"))
                .isDirectoryContaining("glob:**model.pt")
                .isDirectoryContaining("glob:**manifest.json")
                .isDirectoryContaining("glob:**model-card.md")
                .isDirectoryContaining("glob:**SHA256SUMS");
        assertThat(Files.readString(models.resolve("s/m1/manifest.json")))
                .contains("forward(numbers: float64[B, 3, 2], categories: int64[B, 3, 1]) -> float32[B, 2]");
        assertThat(new ModelStore(models, "s").manifest("m1").origin()).isEqualTo(ORIGIN);
        assertThat(Files.readString(models.resolve("s/m1/model-card.md")))
                .contains("![Loss by epoch](loss.png)")
                .contains("![Inside the network](activations.png)")
                .contains("the clean topic, partition 0 from offset 0 to before 1000, seed 1.");
        // Only whole models lie in the store.
        try (Stream<Path> all = Files.list(models.resolve("s"))) {
            assertThat(all.map(p -> p.getFileName().toString())).containsExactly("m1");
        }
    }

    @Test
    void anyFlippedBitIsRefused() throws Exception {
        new ModelStore(models, "s").publish(draft(sha -> card("m1", sha)));
        ModelStore store = new ModelStore(models, "s");
        Random random = new Random(3);
        List<String> files;
        try (Stream<Path> all = Files.list(models.resolve("s/m1"))) {
            files = all.map(p -> p.getFileName().toString()).sorted().toList();
        }
        assertThat(files).hasSize(4 + Picture.values().length);
        for (int i = 0; i < 250; i++) {
            Path file = models.resolve("s/m1").resolve(files.get(i % files.size()));
            byte[] good = Files.readAllBytes(file);
            byte[] bad = good.clone();
            bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
            Files.write(file, bad);
            assertThatThrownBy(() -> store.load("m1")).isInstanceOf(CorruptModelException.class);
            Files.write(file, good);
        }
        assertThat(store.load("m1").card().id()).isEqualTo("m1");
    }

    @Test
    void aModelThatIsNotThereIsRefused() throws Exception {
        ModelStore store = new ModelStore(models, "s");
        assertThatThrownBy(() -> store.load("m9")).hasMessage("its directory is not there");
        new ModelStore(models, "s").publish(draft(sha -> card("m1", sha)));
        Files.delete(models.resolve("s/m1/model.pt"));
        assertThatThrownBy(() -> store.load("m1")).hasMessage("model.pt is not there");
    }

    @Test
    void whatACrashLeftHalfWrittenIsRemovedAndAFailureLeavesNothing() throws Exception {
        ModelStore store = new ModelStore(models, "s");
        assertThatThrownBy(() -> store.publish(draft(sha -> {
                    throw new IllegalStateException("killed here");
                })))
                .isInstanceOf(IllegalStateException.class);
        assertThat(models.resolve("s")).isEmptyDirectory();
        Path half = Files.createDirectory(models.resolve("s/.new-123"));
        Files.writeString(half.resolve("model.pt"), "half");
        assertThat(new ModelStore(models, "s")).isNotNull();
        assertThat(models.resolve("s")).isEmptyDirectory();
    }

    @Test
    void everyBitOfTheListItselfCounts() throws Exception {
        ModelStore store = new ModelStore(models, "s");
        publish(store, "m1", null);
        Path list = models.resolve("s/m1/SHA256SUMS");
        byte[] good = Files.readAllBytes(list);
        for (int i = 0; i < 8 * good.length; i++) {
            byte[] bad = good.clone();
            bad[i / 8] ^= (byte) (1 << i % 8);
            Files.write(list, bad);
            assertThatThrownBy(() -> store.load("m1")).isInstanceOf(CorruptModelException.class);
        }
        Files.write(list, new byte[0]);
        assertThatThrownBy(() -> store.load("m1")).hasMessage("SHA256SUMS is damaged");
    }

    @Test
    void everyKindOfOptimizerIsReadBack() throws Exception {
        ModelStore store = new ModelStore(models, "s");
        Origin origin = new Origin(
                "",
                null,
                Hyperparameters.DEFAULT.with(OptimizerSpec.Sgd.DEFAULT),
                new Origin.Parent("m0", "d".repeat(64)),
                ORIGIN.machine());
        store.publish(new Draft(archive(), SPEC, "y", origin, Figures.NONE, null, sha -> card("m1", sha)));
        assertThat(store.manifest("m1").origin()).isEqualTo(origin);
    }

    @Test
    void whatATrainingMayBeginFromIsKeptBesideTheModel() throws Exception {
        ModelStore store = new ModelStore(models, "s");
        Scaling scaling = new Scaling(new double[] {2}, new double[] {3}, 0, 1, 1);
        float[] state = new float[Archives.stateSize(SPEC)];
        state[5] = 7;
        Horizon horizon = new Horizon(1_700_000_000_000L, 1_700_000_001_000L, -1);
        Learned before = Learned.of(new Recipe(SPEC, scaling), state, horizon);
        store.publish(new Draft(archive(), SPEC, "y", ORIGIN, Figures.NONE, before, sha -> card("m1", sha)));
        publish(store, "m2", null);

        Learned start = store.start("m1").orElseThrow();
        assertThat(start.state()).isEqualTo(state);
        assertThat(start.horizon()).isEqualTo(horizon);
        assertThat(start.recipe().scaling().means()).containsExactly(2);
        assertThat(store.start("m2")).isEmpty();
        String sha256 = store.manifest("m1").start().sha256();
        assertThat(store.start(new Origin.Parent("m1", sha256)).state()).isEqualTo(state);
        assertThatThrownBy(() -> store.start(new Origin.Parent("m1", "d".repeat(64))))
                .hasMessage("it has no start.pt of hash " + "d".repeat(64));
        assertThatThrownBy(() -> store.start(new Origin.Parent("m2", sha256)))
                .isInstanceOf(CorruptModelException.class);

        Path file = models.resolve("s/m1/start.pt");
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
        assertThatThrownBy(() -> store.start("m1")).isInstanceOf(CorruptModelException.class);
        assertThatThrownBy(() -> store.load("m1")).isInstanceOf(CorruptModelException.class);
    }

    @Test
    void noIdLeadsOutOfTheStore() throws Exception {
        ModelStore store = new ModelStore(models, "s");
        publish(store, "m1", null);
        for (String id : List.of(
                "../s/m1", "./m1", ".", "", "m1/../m1", models.resolve("s/m1").toString())) {
            assertThatThrownBy(() -> store.load(id)).hasMessage("its directory is not there");
        }
    }

    @Test
    void retentionKeepsTheChampionTheOneBeforeItTheNewestAndWhatTheyWereMadeFrom() throws Exception {
        ModelStore store = new ModelStore(models, "s");
        publish(store, "m1", null);
        publish(store, "m2", null);
        publish(store, "m3", "m1");
        publish(store, "m4", null);
        publish(store, "m5", null);
        publish(store, "m6", "m5");
        publish(store, "m7", "m6");
        ChampionHistory history = ChampionHistory.of(List.of(promoted("m2"), promoted("m4"), promoted("m3")));
        // m1: parent of the champion; m4: before the champion; m6: parent of the newest. Not m5, though m6 needs it.
        assertThat(store.retain(history, 1)).containsExactly("m2", "m5");
        assertThat(store.ids()).containsExactly("m1", "m3", "m4", "m6", "m7");
        assertThat(store.retain(history, 1)).isEmpty();
        assertThat(store.load("m3").card().id()).isEqualTo("m3");
    }

    private static Promotion promoted(String id) {
        return new Promotion("s", Promotion.Action.PROMOTE, id, "2026-01-31T12:00:00Z", "trainer", "");
    }

    @Test
    void readersLeaveTheOwnersHalfWrittenFilesAlone() throws Exception {
        Path half = Files.createDirectories(models.resolve("s/.new-123"));
        ModelStore reader = ModelStore.reading(models, "s");
        assertThat(reader.ids()).isEmpty();
        assertThat(half).isDirectory();
        assertThat(ModelStore.reading(models, "none").ids()).isEmpty();
    }

    @Test
    void whatTheDiskDoesNotTakeIsSaidInOneLineAndLeavesTheOthersAlone() throws Exception {
        ModelStore store = new ModelStore(models, "s");
        publish(store, "m1", null);
        // A target that cannot be renamed onto fails as late as a full disk does.
        Files.createDirectories(models.resolve("s/m2/in-the-way"));
        assertThatThrownBy(() -> publish(store, "m2", null))
                .isInstanceOf(IOException.class)
                .hasMessageMatching("the model store .* does not take the model [(].*[)]; free .*");
        assertThat(store.load("m1").card().id()).isEqualTo("m1");
        try (Stream<Path> all = Files.list(models.resolve("s"))) {
            assertThat(all.map(p -> p.getFileName().toString())).containsExactlyInAnyOrder("m1", "m2");
        }
    }

    private static LiveCard live(String id, int updates) {
        return new LiveCard(
                id,
                "d".repeat(64),
                "2026-01-31T12:00:10Z",
                updates,
                50 * updates,
                ModelCard.ACCURACY,
                0.9,
                500,
                new Baselines(0.5, 0.6, 0.4));
    }

    @Test
    void theChampionAsItIsNowLiesBesideTheModelsAndIsReplaced() throws Exception {
        ModelStore store = new ModelStore(models, "s");
        publish(store, "m1", null);
        assertThat(store.live("m1")).isEmpty();
        store.removeLive();
        Path file = models.resolve("s/live.pt");
        store.writeLive(archive(), live("m1", 1));
        try (InputStream before = Files.newInputStream(file)) {
            byte[] old = Files.readAllBytes(file);
            store.writeLive(archive(), live("m1", 2));
            assertThat(before.readAllBytes()).as("whoever reads the last one").isEqualTo(old);
        }
        ModelStore reader = ModelStore.reading(models, "s");
        assertThat(reader.live("m1")).contains(live("m1", 2));
        assertThat(reader.live("m2")).as("another model's").isEmpty();
        assertThat(reader.ids()).containsExactly("m1");
        assertThat(store.retain(ChampionHistory.of(List.of(promoted("m1"))), 1)).isEmpty();
        assertThat(PublishedArchive.read(file, SPEC).state()).hasSize(Archives.stateSize(SPEC));
        try (Stream<Path> all = Files.list(models.resolve("s"))) {
            assertThat(all.map(p -> p.getFileName().toString())).containsExactlyInAnyOrder("m1", "live.pt");
        }
        store.removeLive();
        assertThat(file).doesNotExist();
    }

    @Test
    void aLiveArchiveThatTheDiskDoesNotTakeLeavesTheLastOne() throws Exception {
        ModelStore store = new ModelStore(models, "s");
        store.writeLive(archive(), live("m1", 1));
        Files.createDirectory(models.resolve("s/.new-live.pt"));
        assertThatThrownBy(() -> store.writeLive(archive(), live("m1", 2)))
                .isInstanceOf(IOException.class)
                .hasMessageMatching("the model store .* does not take live.pt [(].*[)]; free .*");
        assertThat(store.live("m1")).contains(live("m1", 1));
        Files.writeString(models.resolve("s/.new-live.pt"), "half");
        assertThat(new ModelStore(models, "s").live("m1")).contains(live("m1", 1));
        try (Stream<Path> all = Files.list(models.resolve("s"))) {
            assertThat(all.map(p -> p.getFileName().toString())).containsExactly("live.pt");
        }
    }

    @Test
    void aDamagedLiveArchiveSaysNothing() throws Exception {
        ModelStore store = new ModelStore(models, "s");
        store.writeLive(archive(), live("m1", 1));
        Path file = models.resolve("s/live.pt");
        byte[] good = Files.readAllBytes(file);
        Random random = new Random(5);
        int refused = 0;
        for (int i = 0; i < 500; i++) {
            byte[] bad = good.clone();
            bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
            Files.write(file, bad);
            // Some bits, such as those of a time, say nothing.
            Optional<LiveCard> said = store.live("m1");
            assertThat(said.orElse(live("m1", 1))).isEqualTo(live("m1", 1));
            refused += said.isEmpty() ? 1 : 0;
        }
        assertThat(refused).isGreaterThan(250);
        for (String json : List.of("", "null", "[]", "{}", "{\"model\":\"m1\",\"sha256\":\"\",\"at\":\"now\"}")) {
            try (OutputStream out = Files.newOutputStream(file)) {
                archive().with(LiveCard.FILE, json).write(out);
            }
            assertThat(store.live("m1")).as(json).isEmpty();
        }
        Files.write(file, new byte[0]);
        assertThat(store.live("m1")).isEmpty();
        Files.delete(file);
        Files.createDirectory(file);
        assertThat(store.live("m1")).isEmpty();
    }

    @Test
    void anIdIsNeverOverwritten() throws IOException {
        ModelStore store = new ModelStore(models, "s");
        store.publish(draft(sha -> card("m1", sha)));
        assertThatThrownBy(() -> store.publish(draft(sha -> card("m1", sha)))).isInstanceOf(IOException.class);
    }
}
