package io.winnow.trainer.store;

import io.winnow.trainer.archive.ModelSpec;

/** How a model is called from other languages than Python, to be copied: one row without history, everything missing. */
final class Snippets {
    private Snippets() {}

    /** C++ with libtorch, and Java with DJL. */
    static String of(ModelSpec spec) {
        return """

                ```cpp
                #include <cmath>
                #include <iostream>
                #include <torch/script.h>

                int main() {
                  torch::jit::Module model = torch::jit::load("model.pt");
                  auto numbers = torch::full({1, HISTORY, COLUMNS}, NAN, torch::kFloat64);
                  auto categories = torch::full({1, HISTORY, CATEGORIES}, -1, torch::kInt64);
                  std::cout << model.forward({numbers, categories}).toTensor() << std::endl;
                }
                ```

                ```java
                // ai.djl:api and ai.djl.pytorch:pytorch-engine
                try (Model model = Model.newInstance("model", "PyTorch")) {
                    model.load(Path.of("."), "model.pt");
                    NDManager manager = model.getNDManager();
                    NDArray numbers = manager.full(new Shape(1, HISTORY, COLUMNS), Float.NaN, DataType.FLOAT64);
                    NDArray categories = manager.full(new Shape(1, HISTORY, CATEGORIES), -1, DataType.INT64);
                    try (Predictor<NDList, NDList> predictor = model.newPredictor(new NoopTranslator())) {
                        System.out.println(predictor.predict(new NDList(numbers, categories)).singletonOrThrow());
                    }
                }
                ```
                """.replace("HISTORY", Integer.toString(spec.history()))
                .replace("COLUMNS", Integer.toString(spec.width()))
                .replace("CATEGORIES", Integer.toString(spec.categories().size()));
    }
}
