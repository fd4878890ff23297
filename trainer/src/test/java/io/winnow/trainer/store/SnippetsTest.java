package io.winnow.trainer.store;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Model;
import ai.djl.inference.Predictor;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.translate.NoopTranslator;
import io.winnow.trainer.TorchTest;
import io.winnow.trainer.archive.Archives;
import io.winnow.trainer.archive.ModelSpec;
import io.winnow.trainer.archive.ModelSpec.Category;
import io.winnow.trainer.archive.ModelSpec.Column;
import io.winnow.trainer.archive.Scaling;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(TorchTest.class)
class SnippetsTest {
    private static final ModelSpec SPEC = new ModelSpec(
            List.of(new Column("a", false)),
            List.of(new Category("c", List.of("x"))),
            List.of(),
            List.of(1, 3),
            List.of(),
            false,
            new ModelSpec.Shape(4, 1, 0.1));

    @Test
    void theJavaSnippetAnswers(@TempDir Path folder) throws Exception {
        String snippets = Snippets.of(SPEC);
        try (OutputStream out = Files.newOutputStream(folder.resolve("model.pt"))) {
            Archives.published(
                            SPEC,
                            new Scaling(new double[] {1}, new double[] {2}, 7, 1, 1),
                            new float[Archives.stateSize(SPEC)])
                    .write(out);
        }
        try (Model model = Model.newInstance("model", "PyTorch")) {
            model.load(folder, "model.pt");
            NDManager manager = model.getNDManager();
            NDArray numbers = manager.full(new Shape(1, 4, 2), Float.NaN, DataType.FLOAT64);
            NDArray categories = manager.full(new Shape(1, 4, 1), -1, DataType.INT64);
            assertThat(snippets)
                    .contains("manager.full(new Shape(1, 4, 2), Float.NaN, DataType.FLOAT64)")
                    .contains("manager.full(new Shape(1, 4, 1), -1, DataType.INT64)")
                    .contains("torch::full({1, 4, 2}, NAN, torch::kFloat64)")
                    .contains("torch::full({1, 4, 1}, -1, torch::kInt64)");
            try (Predictor<NDList, NDList> predictor = model.newPredictor(new NoopTranslator())) {
                // All weights are zero, so the answer is the target's center.
                assertThat(predictor
                                .predict(new NDList(numbers, categories))
                                .singletonOrThrow()
                                .toFloatArray())
                        .containsExactly(7);
            }
        }
    }
}
