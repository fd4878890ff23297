package io.winnow.trainer.learn;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.winnow.core.contract.Contract;
import io.winnow.core.contract.ContractReader;
import io.winnow.core.row.Row;
import io.winnow.trainer.TorchTest;
import io.winnow.trainer.archive.Archives;
import io.winnow.trainer.archive.ModelSpec;
import io.winnow.trainer.archive.OptimizerSpec;
import io.winnow.trainer.window.CleanRow;
import io.winnow.trainer.window.CleanRow.Standing;
import io.winnow.trainer.window.History;
import io.winnow.trainer.window.LiveWindow;
import io.winnow.trainer.window.Split;
import io.winnow.trainer.window.Window;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a training sees of a window's rows is what a published model sees of the same rows with their histories. */
@ExtendWith(TorchTest.class)
class InputsTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({"number, 1, 1", "number, 2, 5", "category, 3, 1", "category, 4, 7", "number, 5, 400"})
    void trainingAndServingSeeTheSame(String target, long seed, int keys) throws Exception {
        Window window = window(target, 400, keys, new Random(seed));
        History history = new History(window);
        Split split = Split.of(window);
        Hyperparameters hyper =
                new Hyperparameters(new ModelSpec.Shape(8, 1, 0), OptimizerSpec.DEFAULT, 32, 1e-3, 1, 1_000, 1);
        Recipe recipe = Recipe.of(window, history, split, hyper);
        recipe = target.equals("number") ? recipe.byChange(window, history, split.seen()) : recipe;
        Path file = folder.resolve("training.pt");
        try (OutputStream out = Files.newOutputStream(file)) {
            Archives.training(recipe.spec(), recipe.scaling(), OptimizerSpec.DEFAULT, seed)
                    .write(out);
        }
        int[] rows = IntStream.range(0, window.size()).toArray();
        // A table of their own past gives these the same.
        int[] some = IntStream.range(0, window.size()).filter(i -> i % 41 < 2).toArray();
        RowFeed feed = new RowFeed(window, history, recipe.spec());
        try (TorchModule module = TorchModule.load(file, Devices.chosen(), true);
                Inputs inputs = new Inputs(module, window, history, recipe.spec(), rows);
                Inputs ofSome = new Inputs(module, window, history, recipe.spec(), some);
                NDManager manager = module.manager().newSubManager()) {
            float[] trained = inputs.of(manager, rows).get(0).toFloatArray();
            float[] served = module.read(
                            manager,
                            "prepare",
                            manager.create(
                                    feed.numbers(rows, 0, rows.length),
                                    new Shape(
                                            rows.length,
                                            recipe.spec().history(),
                                            recipe.spec().width())))
                    .toFloatArray();
            float[] asked = ofSome.of(manager, some).get(0).toFloatArray();
            int d = recipe.spec().inputs();
            for (int i = 0; i < some.length; i++) {
                assertThat(Arrays.copyOfRange(asked, i * d, (i + 1) * d))
                        .containsExactly(Arrays.copyOfRange(trained, some[i] * d, (some[i] + 1) * d));
            }
            assertThat(served).hasSize(rows.length * recipe.spec().inputs());
            assertThat(trained).hasSameSizeAs(served);
            for (int i = 0; i < served.length; i++) {
                assertThat(trained[i]).as("input %s", i).isEqualTo(served[i]);
            }
        }
    }

    private static Window window(String target, int size, int keys, Random random) {
        Contract contract = ContractReader.parse("""
                stream: s
                time: {field: ts, format: epoch-millis}
                features:
                  - {name: a, type: number}
                  - {name: region, type: category}
                  - {name: b, type: number}
                target: {name: y, type: %s}
                derive: {lags: [1, 3, 7], means: [2, 12]}
                """.formatted(target), "test.yaml");
        LiveWindow window = new LiveWindow(contract);
        Row row = new Row(contract);
        for (int i = 0; i < size; i++) {
            row.clear();
            row.eventTime = 1_700_000_000_000L + random.nextInt(1_000) * 3_600_000L;
            row.numbers[0] = random.nextInt(4) == 0 ? Double.NaN : 10 + 3 * random.nextGaussian();
            row.numbers[2] = random.nextInt(10) == 0 ? 1e300 : random.nextGaussian();
            row.categories[1] = random.nextBoolean() ? "x" : null;
            if (random.nextInt(5) > 0) {
                if (target.equals("number")) {
                    row.targetNumber = 100 + 5 * random.nextGaussian();
                } else {
                    row.targetCategory = "class" + random.nextInt(3);
                }
            }
            Standing standing = Standing.values()[Math.max(0, random.nextInt(10) - 7)];
            window.add(new CleanRow(0, i, i, row.eventTime, random.nextInt(keys), standing, row));
        }
        return window.cut();
    }
}
