package io.winnow.trainer.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.engine.EngineException;
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
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(TorchTest.class)
class LearnerTest {
    private static final Hyperparameters SMALL =
            new Hyperparameters(new Shape(32, 2, 0.1), OptimizerSpec.DEFAULT, 64, 5e-3, 25, 60_000, 25);

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

    @Test
    void aStepThatDoesNotFitIntoMemoryIsHalvedUntilItDoes() throws Exception {
        Window window = Streams.window(Streams.regression(1_000), 1_000, 4, Streams.PRODUCT);
        History history = new History(window);
        Split split = Split.of(window);
        Recipe recipe = Recipe.of(window, history, split, SMALL);
        List<Integer> batches = new ArrayList<>();
        Learner.Pass small = (examples, module, order, rates, batch) -> {
            batches.add(batch);
            if (batch > 16) {
                throw new EngineException("CUDA out of memory. Tried to allocate 20.00 MiB");
            }
            assertThat(rates).hasSize(order.length / batch);
            return examples.epoch(module, order, rates, batch);
        };
        Learned learned = new Learner(scratch, () -> false, EpochWatcher.NONE, small)
                .learn(recipe, window, history, split.fit(), split.validation(), SMALL, 1);
        assertThat(batches).startsWith(64, 32, 16, 16).doesNotContain(8);
        // The mean absolute target is 1.9.
        assertThat(learned.validation()).isLessThan(1.2);
    }

    @Test
    void nothingFitsIntoMemory() throws Exception {
        Window window = Streams.window(Streams.regression(500), 500, 4, Streams.PRODUCT);
        History history = new History(window);
        Split split = Split.of(window);
        Recipe recipe = Recipe.of(window, history, split, SMALL);
        Learner.Pass none = (examples, module, order, rates, batch) -> {
            throw new EngineException("CUDA out of memory.");
        };
        assertThatThrownBy(() -> new Learner(scratch, () -> false, EpochWatcher.NONE, none)
                        .learn(recipe, window, history, split.fit(), split.validation(), SMALL, 1))
                .isInstanceOf(LearningException.class)
                .hasMessageContaining("memory");
        Learner.Pass broken = (examples, module, order, rates, batch) -> {
            throw new EngineException("device-side assert triggered");
        };
        assertThatThrownBy(() -> new Learner(scratch, () -> false, EpochWatcher.NONE, broken)
                        .learn(recipe, window, history, split.fit(), split.validation(), SMALL, 1))
                .isInstanceOf(EngineException.class);
    }

    @Test
    void aWarmStartGoesOnFromItsParentAndIsNoWorse() throws Exception {
        Window window = Streams.window(Streams.regression(3_000), 3_000, 2, Streams.PRODUCT);
        History history = new History(window);
        Split split = Split.of(window);
        Learned parent = learn(window, 1);
        Hyperparameters once = SMALL.withRowBudget(1).withPeakRate(1e-4);
        Learner learner = new Learner(scratch, () -> false);
        Learned child = learner.learnOn(parent, window, history, split.fit(), split.validation(), once, 2);
        Learned cold = learner.learn(parent.recipe(), window, history, split.fit(), split.validation(), once, 2);
        assertThat(child.epochs()).isOne();
        assertThat(child.horizon()).isEqualTo(parent.horizon());
        assertThat(child.validation()).isLessThanOrEqualTo(parent.validation()).isLessThan(0.7 * cold.validation());
        // A rate that ruins every weight: the parent is what comes back.
        Learned ruined =
                learner.learnOn(parent, window, history, split.fit(), split.validation(), once.withPeakRate(3), 2);
        assertThat(ruined.state()).isEqualTo(parent.state());
        Learned other = Learned.of(parent.recipe(), new float[3], Horizon.UNKNOWN);
        assertThatThrownBy(() -> learner.learnOn(other, window, history, split.fit(), split.validation(), once, 2))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void bfloat16LearnsTheSameOnlyCoarser() throws Exception {
        Window window = Streams.window(Streams.regression(3_000), 3_000, 2, Streams.PRODUCT);
        History history = new History(window);
        Split split = Split.of(window);
        Learner learner = new Learner(scratch, () -> false);
        Recipe recipe = Recipe.of(window, history, split, SMALL);
        Learned exact = learner.learn(recipe, window, history, split.fit(), split.validation(), SMALL, 1);
        Learned coarse = learner.learn(
                recipe, window, history, split.fit(), split.validation(), SMALL.with(Precision.BFLOAT16), 1);
        assertThat(coarse.validation())
                .isNotEqualTo(exact.validation())
                .isBetween(0.8 * exact.validation(), 1.25 * exact.validation());
    }

    @Test
    void precisionIsChosenByDeviceAndWidth() {
        Shape wide = new Shape(2048, 2, 0);
        assertThat(Precision.AUTO.isLow(wide, Device.gpu())).isTrue();
        assertThat(Precision.AUTO.isLow(wide, Device.cpu())).isFalse();
        assertThat(Precision.AUTO.isLow(new Shape(128, 2, 0), Device.gpu())).isFalse();
        assertThat(Precision.FLOAT32.isLow(wide, Device.gpu())).isFalse();
        assertThat(Precision.BFLOAT16.isLow(wide, Device.cpu())).isTrue();
    }
}
