package io.winnow.trainer;

import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.core.model.Baselines;
import io.winnow.core.model.ModelCard;
import io.winnow.trainer.archive.Attribute;
import io.winnow.trainer.archive.TorchArchive;
import io.winnow.trainer.evaluation.Contender;
import io.winnow.trainer.evaluation.Losses;
import io.winnow.trainer.live.Course.Updated;
import io.winnow.trainer.store.LiveCard;
import io.winnow.trainer.store.ModelStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LiveArchiveTest {
    private static final Instant START = Instant.parse("2026-01-31T12:00:00Z");
    private static final TorchArchive MODULE =
            new TorchArchive("Model", "", Map.of("training", new Attribute.Flag(false)));

    @TempDir
    Path models;

    private Instant now = START;
    private Optional<Updated> champion = Optional.empty();
    private ModelStore store;
    private TrainerMetrics metrics;
    private LiveArchive live;

    @BeforeEach
    void start() throws Exception {
        store = new ModelStore(models, "s");
        metrics = new TrainerMetrics("s", () -> now);
        live = new LiveArchive(() -> champion, () -> now, metrics);
    }

    /** A champion that has taken so many steps, and paid this beside a linear model that paid 2. */
    private void stepped(int steps, double paid) {
        champion = Optional.of(new Updated(
                steps,
                50 * steps,
                Map.of(
                        Contender.CHAMPION, new Losses(new double[] {paid, paid, paid}),
                        Contender.NO_CHANGE, new Losses(new double[] {4, 4, 4}),
                        Contender.CONSTANT, new Losses(new double[] {3, 3, 3}),
                        Contender.LINEAR, new Losses(new double[] {1, 2, 3})),
                () -> MODULE));
    }

    private void begin(String id) {
        champion = Optional.of(new Updated(0, 0, Map.of(), () -> MODULE));
        live.begin(store, Optional.of(ModelTopics.card(id)));
    }

    private void look(int seconds) {
        now = START.plusSeconds(seconds);
        live.look(store);
    }

    private LiveCard written(String id) {
        return store.live(id).orElseThrow();
    }

    @Test
    void aChampionIsWrittenAtOnceThenOnlyWhenTimeHasPassedAndItHasTakenSteps() {
        look(0);
        assertThat(models.resolve("s")).isEmptyDirectory();
        begin("m1");
        assertThat(written("m1"))
                .isEqualTo(
                        new LiveCard("m1", "b".repeat(64), "2026-01-31T12:00:00Z", 0, 0, ModelCard.MAE, null, 0, null));
        stepped(3, 1);
        look(9);
        assertThat(written("m1").updates()).isZero();
        look(10);
        assertThat(written("m1"))
                .isEqualTo(new LiveCard(
                        "m1",
                        "b".repeat(64),
                        "2026-01-31T12:00:10Z",
                        3,
                        150,
                        ModelCard.MAE,
                        1.0,
                        3,
                        new Baselines(4, 2, null)));
        look(20);
        assertThat(written("m1").at()).as("no step, nothing new").isEqualTo("2026-01-31T12:00:10Z");
        stepped(4, 1);
        look(29);
        assertThat(written("m1").updates()).isEqualTo(3);
        live.save(store);
        assertThat(written("m1").updates()).as("at the end").isEqualTo(4);
        assertThat(metrics.updates.count()).isEqualTo(3);
    }

    @Test
    void whileABaselineIsBetterTheLastOneStays() {
        begin("m1");
        stepped(1, 2.5);
        look(10);
        assertThat(written("m1").updates()).isZero();
        assertThat(metrics.updatesHeld).hasValue(1);
        live.save(store);
        assertThat(written("m1").updates()).as("at the end neither").isZero();
        stepped(2, 2);
        look(20);
        assertThat(written("m1").updates()).as("as good is not worse").isEqualTo(2);
        assertThat(metrics.updatesHeld).hasValue(0);
        stepped(3, 2.5);
        look(30);
        assertThat(metrics.updatesHeld).hasValue(1);
        begin("m2");
        assertThat(written("m2").updates()).isZero();
        assertThat(metrics.updatesHeld).as("another's").hasValue(0);
    }

    @Test
    void withItsChampionItGoes() {
        begin("m1");
        live.begin(store, Optional.empty());
        assertThat(models.resolve("s")).isEmptyDirectory();
        stepped(1, 1);
        look(10);
        assertThat(models.resolve("s")).isEmptyDirectory();
    }

    @Test
    void aDiskThatDoesNotTakeItLeavesTheLastOneAndIsTriedAgain() throws Exception {
        begin("m1");
        Path inTheWay = Files.createDirectories(models.resolve("s/.new-live.pt/x/y"));
        begin("m2");
        assertThat(store.live("m2")).isEmpty();
        assertThat(written("m1").updates()).isZero();
        look(10);
        assertThat(written("m1").updates()).isZero();
        Files.delete(inTheWay);
        Files.delete(inTheWay.getParent());
        Files.delete(inTheWay.getParent().getParent());
        look(20);
        assertThat(written("m2").updates()).isZero();
        assertThat(metrics.updates.count()).isEqualTo(2);
    }
}
