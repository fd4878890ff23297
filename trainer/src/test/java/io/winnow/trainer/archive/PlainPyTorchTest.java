package io.winnow.trainer.archive;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.winnow.trainer.TorchTest;
import io.winnow.trainer.archive.ModelSpec.Category;
import io.winnow.trainer.archive.ModelSpec.Column;
import io.winnow.trainer.learn.Devices;
import io.winnow.trainer.learn.TorchModule;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A published archive opens in PyTorch with no code of ours and answers as it does here. */
@ExtendWith(TorchTest.class)
class PlainPyTorchTest {
    private static final int ROWS = 1_000;

    private static final String SCRIPT = """
            import json, sys, torch
            folder, h, f, c, words = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), sys.argv[5:]
            extra = {"winnow.json": ""}
            model = torch.jit.load(folder + "/model.pt", _extra_files=extra)
            assert json.loads(extra["winnow.json"]) == {"updates": 42}
            def read(name, kind):
                data = open(folder + "/" + name, "rb").read()
                return torch.frombuffer(bytearray(data), dtype=kind) if data else torch.zeros([0], dtype=kind)
            numbers = read("numbers", torch.float64).view(-1, h, f)
            categories = read("categories", torch.int64).view(numbers.size(0), h, c)
            expected = read("answers", torch.float32)
            for mode in (False, True):
                model.train(mode)
                answers = model(numbers, categories)
                assert answers.dtype == torch.float32 and answers.size(0) == numbers.size(0)
                error = (answers.reshape(-1) - expected).abs() / expected.abs().clamp(min=1)
                assert error.max().item() <= 1e-5, error.max()
            if words:
                print(model.encode([[w] for w in words]).view(-1).tolist())
            assert sum(p.numel() for p in model.parameters()) > 0
            """;

    static Stream<ModelSpec> specs() {
        List<Column> columns = List.of(new Column("a", false), new Column("ts", true), new Column("b", false));
        List<Category> categories = List.of(new Category("c", List.of("x", "ÿ \"quoted\"", "")));
        ModelSpec.Shape shape = new ModelSpec.Shape(16, 2, 0.2);
        return Stream.of(
                new ModelSpec(columns, categories, List.of(), List.of(1, 2, 24), List.of(3, 24), true, shape),
                new ModelSpec(columns, List.of(), List.of(), List.of(1), List.of(), false, shape.with(Activation.GELU)),
                new ModelSpec(
                        columns,
                        categories,
                        List.of("no", "yes", "maybe"),
                        List.of(1, 3),
                        List.of(3),
                        false,
                        shape.with(Activation.TANH)),
                new ModelSpec(
                        List.of(),
                        categories,
                        List.of("no", "yes"),
                        List.of(2),
                        List.of(2),
                        false,
                        ModelSpec.Shape.LINEAR),
                new ModelSpec(
                        List.of(new Column("ts", true)), List.of(), List.of(), List.of(1, 5), List.of(5), true, shape));
    }

    @ParameterizedTest
    @MethodSource("specs")
    void answersAreEqual(ModelSpec spec, @TempDir Path folder) throws Exception {
        PlainPyTorch.assumeThere(folder);
        Random random = new Random(11);
        float[] state = new float[Archives.stateSize(spec)];
        for (int i = 0; i < state.length; i++) {
            // Positive too where a running variance will stand.
            state[i] = 0.05f + 0.5f * random.nextFloat();
        }
        double[] ones = new double[spec.plainColumns()];
        java.util.Arrays.fill(ones, 2);
        Scaling scaling = new Scaling(new double[ones.length], ones, 3, 2, 0.5);
        try (OutputStream out = Files.newOutputStream(folder.resolve("model.pt"))) {
            Archives.published(spec, scaling, state)
                    .with("winnow.json", "{\"updates\": 42}")
                    .write(out);
        }
        double[] numbers = new double[ROWS * spec.history() * spec.width()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = random.nextInt(5) == 0 ? Double.NaN : 3 * random.nextGaussian();
            if (!spec.isRegression() && i % spec.width() == spec.width() - 1) {
                numbers[i] = random.nextInt(4);
            }
        }
        // No history at all in the first rows.
        java.util.Arrays.fill(numbers, 0, 20 * spec.history() * spec.width(), Double.NaN);
        long[] categories = new long[ROWS * spec.history() * spec.categories().size()];
        for (int i = 0; i < categories.length; i++) {
            categories[i] = random.nextInt(8) - 2;
        }
        float[] answers;
        try (TorchModule module = TorchModule.load(folder.resolve("model.pt"), Devices.chosen(), false);
                NDManager manager = module.manager().newSubManager()) {
            answers = module.read(
                            manager,
                            "forward",
                            manager.create(numbers, new Shape(ROWS, spec.history(), spec.width())),
                            manager.create(
                                    categories,
                                    new Shape(
                                            ROWS,
                                            spec.history(),
                                            spec.categories().size())))
                    .toFloatArray();
        }
        assertThat(answers).hasSize(ROWS * spec.outputs()).doesNotContain(Float.NaN);

        PlainPyTorch.write(folder.resolve("numbers"), numbers);
        PlainPyTorch.write(folder.resolve("categories"), categories);
        PlainPyTorch.write(folder.resolve("answers"), answers);
        Files.writeString(folder.resolve("check.py"), SCRIPT);
        List<String> command = new java.util.ArrayList<>(List.of(
                PlainPyTorch.PYTHON.toString(),
                folder.resolve("check.py").toString(),
                folder.toString(),
                "" + spec.history(),
                "" + spec.width(),
                "" + spec.categories().size()));
        if (spec.categories().size() == 1) {
            command.addAll(List.of("x", "ÿ \"quoted\"", "unheard of", ""));
        }
        String output = PlainPyTorch.run(command, folder);
        if (spec.categories().size() == 1) {
            assertThat(output).contains("[0, 1, -1, 2]");
        }
    }
}
