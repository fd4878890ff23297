package io.winnow.trainer.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.winnow.trainer.Streams;
import io.winnow.trainer.TorchTest;
import io.winnow.trainer.archive.ModelSpec.Shape;
import io.winnow.trainer.learn.Hyperparameters;
import io.winnow.trainer.learn.LearningException;
import io.winnow.trainer.learn.StoppedException;
import io.winnow.trainer.runs.Run;
import io.winnow.trainer.runs.RunEvent.End;
import io.winnow.trainer.runs.RunEvent.Started;
import io.winnow.trainer.runs.RunRecorder;
import io.winnow.trainer.window.Window;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(TorchTest.class)
class TunerTest {
    private static final InstantSource STANDSTILL = InstantSource.fixed(Instant.EPOCH);
    private static final SearchPlan SMALL = new SearchPlan(3, 2, 2, 8, Duration.ofDays(1));
    /** Learns next to nothing, so that there is something to find. */
    private static final Hyperparameters POOR = Hyperparameters.DEFAULT
            .with(new Shape(16, 1, 0.4))
            .withPeakRate(3e-4)
            .withRowBudget(12_000);

    @TempDir
    Path folder;

    private int calls;

    private Tuner.Records records(String name) {
        return (number, hyper, share) -> RunRecorder.start(
                folder.resolve("runs").resolve(name + number),
                new Started(
                        Instant.EPOCH.toString(),
                        name + number,
                        "s",
                        "0",
                        1,
                        1,
                        List.of(),
                        hyper.asText(),
                        Map.of("share", Double.toString(share))),
                STANDSTILL);
    }

    @Test
    void findsWhatIsBetterAndSaysSo() throws Exception {
        Window window = Streams.window(Streams.regression(3_000), 3_000, 2, Streams.PRODUCT);
        List<Attempt> seen = new ArrayList<>();
        Tuned tuned = new Tuner(folder, new SearchPlan(4, 2, 2, 12, Duration.ofDays(1)), STANDSTILL, () -> false)
                .run(window, POOR, 7, records("a"), seen::add);
        assertThat(tuned.attempts()).hasSize(12).isEqualTo(seen);
        assertThat(tuned.winner().validation())
                .isLessThan(0.8 * tuned.standard().validation());
        assertThat(tuned.winner().holdout()).isLessThan(tuned.standard().holdout());
        assertThat(tuned.better()).isTrue();
        assertThat(tuned.sentence()).startsWith("mae ").contains("the standard", "by more than noise");
        assertThat(tuned.holdoutRows()).isEqualTo(600);
        assertThat(tuned.noChange()).isGreaterThan(tuned.winner().holdout());
        // What was found in the search is what was judged.
        assertThat(tuned.winner().validation())
                .isEqualTo(Search.best(tuned.attempts()).loss());
        List<Path> runs = Run.below(folder.resolve("runs"));
        assertThat(runs).hasSize(12);
        for (Path path : runs) {
            Run run = Run.read(path);
            assertThat(run.ended().orElseThrow().end()).isEqualTo(End.FINISHED);
            assertThat(run.passes()).isNotEmpty();
        }
        Run third = Run.read(folder.resolve("runs/a3"));
        assertThat(third.ended().orElseThrow().scores())
                .isEqualTo(Map.of("validation", tuned.attempts().get(3).loss()));
    }

    @Test
    void theSameSeedFindsTheSame() throws Exception {
        Window window = Streams.window(Streams.classification(1_500), 1_500, 2, Streams.SIGN);
        Tuner tuner = new Tuner(folder, new SearchPlan(2, 2, 2, 6, Duration.ofDays(1)), STANDSTILL, () -> false);
        Tuned first = tuner.run(window, POOR, 7, records("a"), a -> {});
        Tuned second = tuner.run(window, POOR, 7, records("b"), a -> {});
        assertThat(second.winner()).isEqualTo(first.winner());
        assertThat(second.attempts())
                .extracting(Attempt::loss)
                .isEqualTo(first.attempts().stream().map(Attempt::loss).toList());
        assertThat(first.metric()).isEqualTo("accuracy");
    }

    @Test
    void whereNothingCanBeFoundNothingIsBetter() throws Exception {
        Window window =
                Streams.window(Streams.regression(1_500), 1_500, 5, (a, b, region, random) -> random.nextGaussian());
        Tuned tuned = new Tuner(folder, SMALL, STANDSTILL, () -> false).run(window, POOR, 1, records("a"), a -> {});
        assertThat(tuned.better()).isFalse();
    }

    @Test
    void timeEndsAnAttemptAndTheStandardIsJudgedAllTheSame() throws Exception {
        Window window = Streams.window(Streams.regression(1_000), 1_000, 2, Streams.PRODUCT);
        // Each look at the clock takes a second.
        InstantSource clock = () -> Instant.EPOCH.plusSeconds(calls++);
        Tuned tuned = new Tuner(folder, SMALL.within(Duration.ofSeconds(20)), clock, () -> false)
                .run(window, POOR, 7, records("a"), a -> {});
        assertThat(tuned.attempts()).hasSizeBetween(1, 7);
        assertThat(tuned.standard().holdout()).isPositive();
        Run last = Run.read(folder.resolve("runs/a" + tuned.attempts().size()));
        assertThat(last.ended().orElseThrow().end()).isEqualTo(End.STOPPED);
        Tuned none = new Tuner(folder, SMALL.within(Duration.ofNanos(1)), clock, () -> false)
                .run(window, POOR, 7, records("b"), a -> {});
        assertThat(none.attempts()).isEmpty();
        assertThat(none.better()).isFalse();
        assertThat(none.winner()).isEqualTo(none.standard());
    }

    @Test
    void stopsWhenToldAndLeavesNoModels() throws Exception {
        Window window = Streams.window(Streams.regression(1_000), 1_000, 2, Streams.PRODUCT);
        Tuner tuner = new Tuner(folder, SMALL, STANDSTILL, () -> calls++ > 40);
        assertThatThrownBy(() -> tuner.run(window, POOR, 7, records("a"), a -> {}))
                .isInstanceOf(StoppedException.class);
        assertThat(folder.toFile().list()).isEqualTo(Set.of("runs").toArray());
    }

    @Test
    void tooFewRowsAreSaidBeforeAnythingIsTried() {
        Window window = Streams.window(Streams.regression(1_000), 150, 2, Streams.PRODUCT);
        assertThatThrownBy(() ->
                        new Tuner(folder, SMALL, STANDSTILL, () -> false).run(window, POOR, 7, records("a"), a -> {}))
                .isInstanceOf(LearningException.class)
                .hasMessage("only 150 rows with a target, 200 are needed");
    }
}
