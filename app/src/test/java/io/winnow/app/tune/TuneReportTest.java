package io.winnow.app.tune;

import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.app.terminal.Terminal;
import io.winnow.trainer.learn.Hyperparameters;
import io.winnow.trainer.search.Attempt;
import io.winnow.trainer.search.Attempt.Phase;
import io.winnow.trainer.search.SearchPlot;
import io.winnow.trainer.search.Space;
import io.winnow.trainer.search.Tuned;
import io.winnow.trainer.search.Tuned.Candidate;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class TuneReportTest {
    private static final Space SPACE = new Space(Hyperparameters.DEFAULT, false);
    private static final double[] LOW = {0, 0, 0, 0, 0, 0, 0};
    private static final double[] STANDARD = SPACE.point(Hyperparameters.DEFAULT);

    private static Tuned tuned(boolean better, Hyperparameters winner) {
        return new Tuned(
                "accuracy",
                false,
                List.of(
                        new Attempt(0, Phase.GIVEN, STANDARD, 1, 0.4),
                        new Attempt(1, Phase.HALVING, new double[] {1, 1, 1, 1, 1, 1, 1}, 1, Double.POSITIVE_INFINITY),
                        new Attempt(2, Phase.HALVING, LOW, 1, 0.3),
                        new Attempt(3, Phase.EVOLUTION, LOW, 1, 0.3),
                        new Attempt(4, Phase.EVOLUTION, new double[] {0.5, 0, 0, 0, 0, 0, 0}, 1, 0.35)),
                new Candidate(Hyperparameters.DEFAULT, 0.4, 0.8),
                new Candidate(winner, 0.3, 0.9),
                0.7,
                better,
                "accuracy 0.9 beats the standard 0.8 by more than noise",
                1_000,
                200);
    }

    @Test
    void theTableShowsTheWinnerTheStandardAndTheNextBestOnce() {
        List<String> lines =
                new TuneReport(tuned(true, SPACE.at(LOW)), SPACE).table(Terminal.standard(), "tune mill, up");
        assertThat(lines)
                .filteredOn(l -> l.startsWith("│ winner"))
                .singleElement()
                .asString()
                .contains("16", "0.9");
        assertThat(lines)
                .filteredOn(l -> l.startsWith("│ standard"))
                .singleElement()
                .asString()
                .contains("128", "0.8");
        assertThat(lines)
                .filteredOn(l -> l.startsWith("│ attempt"))
                .singleElement()
                .asString()
                .contains("4 ", "0.35");
        assertThat(String.join("\n", lines)).contains("no change: accuracy 0.7", "by more than noise");
    }

    @Test
    void theSnippetIsForAWinnerThatIsBetterOnly() {
        assertThat(new TuneReport(tuned(true, SPACE.at(LOW)), SPACE).snippet())
                .containsExactly(
                        "training:",
                        "  network:",
                        "    hidden: 16",
                        "    blocks: 1",
                        "    dropout: 0",
                        "    peak-rate: 3.0E-4",
                        "    weight-decay: 1.0E-4",
                        "    batch: 64",
                        "    activation: relu");
        assertThat(new TuneReport(tuned(false, SPACE.at(LOW)), SPACE).snippet()).isEmpty();
    }

    @Test
    void theReportHasItsFields() {
        Map<String, Object> fields = new TuneReport(tuned(true, SPACE.at(LOW)), SPACE).fields();
        assertThat(fields)
                .containsEntry("attempts", 5)
                .containsEntry("better", true)
                .containsEntry("metric", "accuracy")
                .containsKeys("rows", "holdoutRows", "standard", "winner", "noChange", "sentence");
        assertThat((Map<?, ?>) fields.get("winner")).extracting("holdout").isEqualTo(0.9);
    }

    @Test
    void thePictureIsOne() throws Exception {
        for (Tuned tuned : List.of(
                tuned(true, SPACE.at(LOW)),
                new Tuned(
                        "mae",
                        true,
                        List.of(),
                        new Candidate(Hyperparameters.DEFAULT, 1, 1),
                        new Candidate(Hyperparameters.DEFAULT, 1, 1),
                        1,
                        false,
                        "",
                        1,
                        1))) {
            byte[] png = SearchPlot.png("tune", tuned);
            var image = ImageIO.read(new ByteArrayInputStream(png));
            assertThat(image.getWidth()).isEqualTo(1_000);
            assertThat(image.getHeight()).isEqualTo(600);
        }
    }

    @Test
    void progressSaysHowFarItIs() {
        Instant[] now = {Instant.EPOCH};
        TuneProgress progress = new TuneProgress(Terminal.standard(), Duration.ofMinutes(10), () -> now[0]);
        Attempt first = new Attempt(0, Phase.GIVEN, STANDARD, 1.0 / 9, 0.5);
        assertThat(progress.text(first, Duration.ofSeconds(75)))
                .isEqualTo("tune [===                     ] 1:15 of 10:00, attempt 1, 0.50000 on 11 % of the budget");
        progress.accept(new Attempt(1, Phase.GIVEN, STANDARD, 1, 0.4));
        progress.accept(new Attempt(2, Phase.EVOLUTION, LOW, 1, 0.3));
        assertThat(progress.text(first, Duration.ofMinutes(11)))
                .isEqualTo("tune [========================] 11:00 of 10:00, attempt 1, best 0.30000, standard 0.40000");
    }
}
