package io.winnow.trainer.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.winnow.trainer.Streams;
import io.winnow.trainer.TorchTest;
import io.winnow.trainer.archive.ModelSpec.Shape;
import io.winnow.trainer.archive.OptimizerSpec;
import io.winnow.trainer.learn.RateRange.Try;
import io.winnow.trainer.window.History;
import io.winnow.trainer.window.Split;
import io.winnow.trainer.window.Window;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@ExtendWith(TorchTest.class)
class RateRangeTest {
    private static final Hyperparameters SMALL =
            new Hyperparameters(new Shape(32, 1, 0.1), OptimizerSpec.DEFAULT, 64, 5e-3, 6, 30_000, 6);

    @TempDir
    Path scratch;

    private final Window window = Streams.window(Streams.classification(4_000), 4_000, 2, Streams.SIGN);
    private final History history = new History(window);
    private final Split split = Split.of(window);

    static Stream<OptimizerSpec> optimizers() {
        return Stream.of(OptimizerSpec.DEFAULT, OptimizerSpec.Sgd.DEFAULT);
    }

    /** Far below it a training of the same length gets nowhere; far above it, it breaks. */
    @ParameterizedTest
    @MethodSource("optimizers")
    void atTheRateFoundTheTrainingIsBetterThanFarBelowAndFarAbove(OptimizerSpec optimizer) throws Exception {
        Hyperparameters hyper = SMALL.with(optimizer);
        Recipe recipe = Recipe.of(window, history, split, hyper);
        double rate = RateRange.highestStable(scratch, recipe, window, history, split.fit(), hyper, 3);
        double found = validation(recipe, hyper, rate);
        assertThat(found).isLessThan(0.8 * validation(recipe, hyper, rate / 50));
        assertThat(found).isLessThan(0.8 * validation(recipe, hyper, rate * 50));
        assertThat(RateRange.highestStable(scratch, recipe, window, history, split.fit(), hyper, 3))
                .isEqualTo(rate);
        assertThat(scratch).isEmptyDirectory();
    }

    private double validation(Recipe recipe, Hyperparameters hyper, double rate) throws Exception {
        return new Learner(scratch, () -> false)
                .learn(recipe, window, history, split.fit(), split.validation(), hyper.withPeakRate(rate), 1)
                .validation();
    }

    @Test
    void noiseDoesNotMoveTheLeastFar() throws Exception {
        Random random = new Random(5);
        // The least of this curve is at 1e-2.
        List<Try> tries = IntStream.range(-50, 10)
                .mapToObj(i -> i / 10.0)
                .map(log -> new Try(Math.pow(10, log), 1 + (log + 2) * (log + 2) + 0.1 * random.nextGaussian()))
                .toList();
        assertThat(new RateRange(tries).highestStable()).isBetween(5e-3, 5e-2);
    }

    @Test
    void aBrokenTrainingEndsTheRange() throws Exception {
        assertThat(new RateRange(List.of(new Try(0.1, 3), new Try(1, 2), new Try(10, Double.NaN))).highestStable())
                .isEqualTo(1);
        assertThatThrownBy(() -> new RateRange(List.of(new Try(0.1, Double.NaN))).highestStable())
                .isInstanceOf(LearningException.class)
                .hasMessageContaining("not a number");
    }

    @Test
    void oneRowIsTooFew() throws Exception {
        Recipe recipe = Recipe.of(window, history, split, SMALL);
        assertThatThrownBy(() -> RateRange.highestStable(scratch, recipe, window, history, new int[] {5}, SMALL, 3))
                .isInstanceOf(LearningException.class)
                .hasMessageContaining("too few rows");
    }
}
