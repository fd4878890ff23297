package io.winnow.trainer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.winnow.core.model.Baselines;
import io.winnow.core.model.ModelCard;
import io.winnow.core.model.OffsetRange;
import io.winnow.trainer.archive.Archives;
import io.winnow.trainer.archive.ModelSpec;
import io.winnow.trainer.archive.Scaling;
import io.winnow.trainer.archive.TorchArchive;
import io.winnow.trainer.evaluation.Champion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
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

    private static ModelCard card(String id, String sha256) {
        return new ModelCard(
                id,
                "s",
                "2026-01-31T12:00:00Z",
                ModelCard.ACCURACY,
                0.9,
                new Baselines(0.5, 0.6),
                0.8,
                1_000,
                200,
                List.of(new OffsetRange(0, 0, 1_000)),
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
        Champion published = new ModelStore(models, "s").publish(archive(), SPEC, "y", sha -> card("m1", sha));
        Champion loaded = new ModelStore(models, "s").load("m1");
        assertThat(loaded).isEqualTo(published);
        assertThat(models.resolve("s/m1"))
                .isDirectoryContaining("glob:**model.pt")
                .isDirectoryContaining("glob:**manifest.json")
                .isDirectoryContaining("glob:**model-card.md")
                .isDirectoryContaining("glob:**SHA256SUMS");
        assertThat(Files.readString(models.resolve("s/m1/manifest.json")))
                .contains("forward(numbers: float64[B, 3, 2], categories: int64[B, 3, 1]) -> float32[B, 2]");
        assertThat(Files.readString(models.resolve("s/m1/model-card.md")))
                .contains("the clean topic, partition 0 from offset 0 to before 1000, seed 1.");
        // Only whole models lie in the store.
        try (Stream<Path> all = Files.list(models.resolve("s"))) {
            assertThat(all.map(p -> p.getFileName().toString())).containsExactly("m1");
        }
    }

    @Test
    void anyFlippedBitIsRefused() throws Exception {
        new ModelStore(models, "s").publish(archive(), SPEC, "y", sha -> card("m1", sha));
        ModelStore store = new ModelStore(models, "s");
        Random random = new Random(3);
        List<String> files = List.of("model.pt", "manifest.json", "model-card.md", "SHA256SUMS");
        for (int i = 0; i < 100; i++) {
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
        new ModelStore(models, "s").publish(archive(), SPEC, "y", sha -> card("m1", sha));
        Files.delete(models.resolve("s/m1/model.pt"));
        assertThatThrownBy(() -> store.load("m1")).hasMessage("model.pt is not there");
    }

    @Test
    void whatACrashLeftHalfWrittenIsRemovedAndAFailureLeavesNothing() throws Exception {
        ModelStore store = new ModelStore(models, "s");
        assertThatThrownBy(() -> store.publish(archive(), SPEC, "y", sha -> {
                    throw new IllegalStateException("killed here");
                }))
                .isInstanceOf(IllegalStateException.class);
        assertThat(models.resolve("s")).isEmptyDirectory();
        Path half = Files.createDirectory(models.resolve("s/.new-123"));
        Files.writeString(half.resolve("model.pt"), "half");
        assertThat(new ModelStore(models, "s")).isNotNull();
        assertThat(models.resolve("s")).isEmptyDirectory();
    }

    @Test
    void anIdIsNeverOverwritten() throws IOException {
        ModelStore store = new ModelStore(models, "s");
        store.publish(archive(), SPEC, "y", sha -> card("m1", sha));
        assertThatThrownBy(() -> store.publish(archive(), SPEC, "y", sha -> card("m1", sha)))
                .isInstanceOf(IOException.class);
    }
}
