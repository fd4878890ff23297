package io.winnow.trainer.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import io.winnow.core.contract.Contract;
import io.winnow.trainer.Streams;
import io.winnow.trainer.TorchTest;
import io.winnow.trainer.archive.Archives;
import io.winnow.trainer.archive.ModelSpec.Shape;
import io.winnow.trainer.archive.OptimizerSpec;
import io.winnow.trainer.learn.Learner.Learned;
import io.winnow.trainer.window.History;
import io.winnow.trainer.window.Split;
import io.winnow.trainer.window.Window;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(TorchTest.class)
class LearnerTest {
    private static final Hyperparameters SMALL =
            new Hyperparameters(List.of(1, 2), new Shape(32, 2, 0.1), OptimizerSpec.DEFAULT, 64, 5e-3, 25, 60_000, 25);

    @TempDir
    Path scratch;

    private Learned learn(Window window, long seed) throws Exception {
        History history = new History(window);
        Split split = Split.of(window);
        Recipe recipe = Recipe.of(window, history, split, SMALL);
        return new Learner(scratch, () -> false)
                .learn(recipe, window, history, split.fit(), split.validation(), SMALL, seed);
    }

    private static byte[] bytes(Learned learned) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        learned.archive().write(out);
        return out.toByteArray();
    }

    @Test
    void sameSeedAndRowsGiveTheSameBytes() throws Exception {
        Window window = Streams.window(Streams.classification(2_000), 2_000, 1, Streams.SIGN);
        byte[] first = bytes(learn(window, 7));
        assertThat(bytes(learn(window, 7))).isEqualTo(first);
        assertThat(bytes(learn(window, 8))).isNotEqualTo(first);
    }

    @Test
    void learnsWhatIsThereToLearn() throws Exception {
        Window window = Streams.window(Streams.regression(3_000), 3_000, 2, Streams.PRODUCT);
        Learned learned = learn(window, 1);
        // The mean absolute target is 1.9; the noise alone is 0.08.
        assertThat(learned.validation()).isLessThan(0.6);
    }

    /** The fused optimizers do nothing inside a script, silently; so every kind of weight is watched. */
    @Test
    void everyWeightMovesAndTheOriginalRestores() throws Exception {
        Contract contract = Streams.regression(1_000);
        Window window = Streams.window(contract, 1_000, 3, Streams.PRODUCT);
        History history = new History(window);
        Split split = Split.of(window);
        Recipe recipe = Recipe.of(window, history, split, SMALL);
        Path file = scratch.resolve("t.pt");
        try (OutputStream out = Files.newOutputStream(file)) {
            Archives.training(recipe.spec(), recipe.scaling(), OptimizerSpec.DEFAULT, 5)
                    .write(out);
        }
        try (TorchModule module = TorchModule.load(file, Devices.chosen(), true);
                NDManager manager = module.manager().newSubManager();
                Examples examples = Examples.load(
                        module, recipe, new Examples.Rows(window, history, split.fit(), split.validation()))) {
            float[] before = module.read(manager, "state").toFloatArray();
            long[] order = new long[examples.fitRows()];
            for (int i = 0; i < order.length; i++) {
                order[i] = i;
            }
            double first = examples.epoch(module, order, new double[] {1e-3, 1e-3, 1e-3, 1e-3, 1e-3}, 64);
            float[] after = module.read(manager, "state").toFloatArray();
            int same = 0;
            for (int i = 0; i < before.length; i++) {
                same += before[i] == after[i] ? 1 : 0;
            }
            // Weights behind inputs that are always zero may rest, and those of a hidden unit that is never on.
            assertThat(same).isLessThan(before.length / 5);
            module.learn(manager, "restore", manager.create(before));
            assertThat(module.read(manager, "state").toFloatArray()).isEqualTo(before);
            assertThat(examples.epoch(module, order, new double[] {1e-3, 1e-3, 1e-3, 1e-3, 1e-3}, 64))
                    .isFinite()
                    .isNotNegative();
            assertThat(first).isFinite();
        }
    }

    @Test
    void aLossThatIsNoNumberEndsWithAReason() throws Exception {
        Window window = Streams.window(Streams.regression(500), 500, 4, Streams.PRODUCT);
        History history = new History(window);
        Split split = Split.of(window);
        Hyperparameters wild = SMALL.withPeakRate(1e30);
        Recipe recipe = Recipe.of(window, history, split, wild);
        assertThatThrownBy(() -> new Learner(scratch, () -> false)
                        .learn(recipe, window, history, split.fit(), split.validation(), wild, 1))
                .isInstanceOf(LearningException.class)
                .hasMessageContaining("not a number");
    }

    @Test
    void stopsBetweenEpochsAndLeavesNoFiles() throws Exception {
        Window window = Streams.window(Streams.regression(500), 500, 4, Streams.PRODUCT);
        History history = new History(window);
        Split split = Split.of(window);
        Recipe recipe = Recipe.of(window, history, split, SMALL);
        assertThatThrownBy(() -> new Learner(scratch, () -> true)
                        .learn(recipe, window, history, split.fit(), split.validation(), SMALL, 1))
                .isInstanceOf(StoppedException.class);
        assertThat(scratch).isEmptyDirectory();
    }
}
