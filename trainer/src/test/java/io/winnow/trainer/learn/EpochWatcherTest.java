package io.winnow.trainer.learn;

import static org.assertj.core.api.Assertions.assertThat;

import io.winnow.trainer.Streams;
import io.winnow.trainer.TorchTest;
import io.winnow.trainer.archive.ModelSpec.Shape;
import io.winnow.trainer.learn.Learner.Learned;
import io.winnow.trainer.window.History;
import io.winnow.trainer.window.Split;
import io.winnow.trainer.window.Window;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(TorchTest.class)
class EpochWatcherTest {
    private static final Hyperparameters HYPER =
            Hyperparameters.DEFAULT.with(new Shape(16, 2, 0.2)).withRowBudget(2_000);

    @TempDir
    Path scratch;

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aWatchedTrainingLearnsTheSame(boolean regression) throws Exception {
        Window window = regression
                ? Streams.window(Streams.regression(600), 600, 4, Streams.PRODUCT)
                : Streams.window(Streams.classification(600), 600, 4, Streams.SIGN);
        List<EpochWatcher.Epoch> epochs = new ArrayList<>();
        List<Map<String, float[]>> inside = new ArrayList<>();
        Learned watched = learn(window, (epoch, values) -> {
            epochs.add(epoch);
            inside.add(values.get());
        });
        assertThat(watched.state()).isEqualTo(learn(window, EpochWatcher.NONE).state());
        assertThat(epochs).hasSize(watched.epochs()).hasSizeGreaterThan(2);
        assertThat(epochs.get(2).number()).isEqualTo(3);
        assertThat(epochs).extracting(EpochWatcher.Epoch::validation).contains(watched.validation());
        assertThat(epochs).allSatisfy(e -> assertThat(e.rate()).isPositive());
        Map<String, float[]> last = inside.get(inside.size() - 1);
        assertThat(last)
                .containsKeys(
                        "inputs",
                        "activations/input",
                        "activations/block0",
                        "activations/block1",
                        "activations/last",
                        "outputs",
                        "gradients/block1_linear2_weight",
                        "gradients/linear_bias");
        assertThat(last.get("outputs")).hasSize(256 * (regression ? 1 : 2));
        assertThat(last.get("activations/block0")).hasSize(256 * 16);
        // After a rectifier; and something must be on.
        assertThat(last.get("activations/last")).doesNotContain(Float.NaN);
        for (float value : last.get("activations/last")) {
            assertThat(value).isNotNegative();
        }
        assertThat(last)
                .allSatisfy((name, values) -> assertThat(norm(values))
                        .as(name)
                        .isFinite()
                        .isGreaterThan(name.startsWith("gradients/embedding") ? -1 : 0));
        assertThat(inside.get(0).get("outputs")).isNotEqualTo(last.get("outputs"));
    }

    private Learned learn(Window window, EpochWatcher watcher) throws Exception {
        History history = new History(window);
        Split split = Split.of(window);
        Recipe recipe = Recipe.of(window, history, split, HYPER);
        return new Learner(scratch, () -> false, watcher)
                .learn(recipe, window, history, split.fit(), split.validation(), HYPER, 3);
    }

    private static double norm(float[] values) {
        double sum = 0;
        for (float value : values) {
            sum += (double) value * value;
        }
        return sum;
    }
}
