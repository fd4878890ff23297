package io.winnow.trainer.archive;

import io.winnow.trainer.archive.NetworkCode.Names;
import io.winnow.trainer.archive.Weights.Part;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The two archives of a model: one to train, and one to publish. */
public final class Archives {
    private static final String CLASS = "Model";

    private Archives() {}

    /** Numbers in a model's state: its weights, then its running statistics. */
    public static int stateSize(ModelSpec spec) {
        return Weights.of(spec).size() + statistics(spec);
    }

    /**
     * The archive that a training runs in. Its methods take and give tensors only:
     *
     * <ul>
     *   <li>{@code prepare(numbers float64[B, H, F]) -> float32[B, D]}: the network's inputs
     *   <li>{@code prepare_window(now float64[B, F], sums float64[M + 1, W], counts float32[M + 1, W], targets
     *       float64[M], latest, place int64[B], start int64[B]) -> float32[B, D]}: the same for rows with M past rows,
     *       key after key, each key's in order: {@code place[i]} of them lie before row i, its key's first is {@code
     *       start[i]}. {@code lay(sums, counts, at int64, past float64[N, F])} lays N of them from place {@code at} on
     *       into sums and counts that are all 0; when all are laid, {@code run_up} adds up each of the two in place.
     *       {@code latest_of(targets)} gives the last
     *   <li>{@code put(x, at int64, part)}: copies rows into {@code x}, from row {@code at} on
     *   <li>{@code train_epoch(x float32[N, D], c int64[N, C], y, order int64[M], rates float64[S], batch int64[1]) ->
     *       float32[1]}: S optimizer steps, the i-th over rows {@code order[i·batch, (i+1)·batch)} at rate
     *       {@code rates[i]}; the mean loss. {@code y} is float32[N] in units of the scaling's step, or int64[N]
     *   <li>{@code score(x, c) -> float32[B, K]}: the raw answer in evaluation mode
     *   <li>{@code state() -> float32[P]} and {@code restore(float32[P])}: everything learned; restoring forgets the
     *       optimizer's moments
     *   <li>{@code inspect(x, c, y, rows int64[R]) -> float32}: what goes on for these rows, as {@link #inspected} says
     * </ul>
     *
     * It may be called for any number of steps, over any rows: the optimizer's moments stay in the module between calls.
     *
     * @param training optimizer, loss and precision
     * @param seed of the starting weights
     */
    public static TorchArchive training(ModelSpec spec, Scaling scaling, TrainingSpec training, long seed) {
        Weights weights = Weights.of(spec);
        OptimizerCode optimizer = OptimizerCode.of(training.optimizer());
        int size = weights.size();
        Map<String, Attribute> attributes = new LinkedHashMap<>();
        attributes.put("weights", Attribute.Tensor.parameter(weights.start(seed), size));
        for (String moment : optimizer.moments()) {
            attributes.put(moment, Attribute.Tensor.buffer(new float[size], size));
        }
        attributes.put("steps", Attribute.Tensor.buffer(new long[1]));
        float[] statistics = new float[statistics(spec)];
        int hidden = spec.shape().hidden();
        for (int at = hidden; at < statistics.length; at += 2 * hidden) {
            Arrays.fill(statistics, at, at + hidden, 1);
        }
        attributes.put("statistics", Attribute.Tensor.buffer(statistics, statistics.length));
        attributes.putAll(InputCode.attributes(spec, scaling));
        attributes.putAll(InputCode.windowAttributes(spec));
        attributes.put("training", new Attribute.Flag(false));
        return new TorchArchive(
                CLASS,
                InputCode.of(spec)
                        + InputCode.ofWindow(spec)
                        + TrainingCode.of(spec, weights, training)
                        + InspectionCode.of(spec, weights, training.loss()),
                attributes);
    }

    /** The same with the default loss, in float32. */
    public static TorchArchive training(ModelSpec spec, Scaling scaling, OptimizerSpec optimizer, long seed) {
        return training(spec, scaling, new TrainingSpec(optimizer, Loss.HUBER, false), seed);
    }

    /**
     * Part of what the training archive's {@code inspect} gives.
     *
     * @param name inputs, activations/…, outputs, gradients/…
     * @param size how many numbers
     */
    public record Section(String name, int size) {}

    /**
     * What the training archive's {@code inspect} gives, one part after another.
     *
     * @param rows that are inspected
     */
    public static List<Section> inspected(ModelSpec spec, int rows) {
        return InspectionCode.sections(spec, Weights.of(spec), rows);
    }

    /**
     * The archive to publish: {@code forward(numbers float64[B, H, F], categories int64[B, H, C]) -> float32[B, K]} in
     * evaluation mode, always, and {@code encode(List[List[str]]) -> int64[N, C]} from rows of category values to ids.
     *
     * @param state what the training archive's {@code state} gave
     */
    public static TorchArchive published(ModelSpec spec, Scaling scaling, float[] state) {
        if (state.length != stateSize(spec)) {
            throw new IllegalArgumentException(
                    "a state of " + state.length + " numbers is not this model's, which has " + stateSize(spec));
        }
        Map<String, Attribute> attributes = new LinkedHashMap<>();
        int at = 0;
        for (Part part : Weights.of(spec).parts()) {
            float[] values = Arrays.copyOfRange(state, at, at + part.size());
            at += part.size();
            attributes.put(
                    part.name(),
                    part.columns() == 0
                            ? Attribute.Tensor.parameter(values, part.rows())
                            : Attribute.Tensor.parameter(values, part.rows(), part.columns()));
        }
        int hidden = spec.shape().hidden();
        for (String norm : Weights.norms(spec)) {
            for (String statistic : List.of("_running_mean", "_running_var")) {
                float[] values = Arrays.copyOfRange(state, at, at + hidden);
                at += hidden;
                attributes.put(norm + statistic, Attribute.Tensor.buffer(values, hidden));
            }
        }
        attributes.putAll(InputCode.attributes(spec, scaling));
        List<List<String>> vocabularies =
                spec.categories().stream().map(ModelSpec.Category::values).toList();
        attributes.put("vocabularies", new Attribute.Vocabularies(vocabularies));
        attributes.put("training", new Attribute.Flag(false));
        return new TorchArchive(CLASS, InputCode.of(spec) + serving(spec), attributes);
    }

    private static String serving(ModelSpec spec) {
        List<String> lines = new ArrayList<>();
        lines.add("x = self.prepare(numbers)");
        if (!spec.categories().isEmpty()) {
            lines.add("c = torch.select(categories, 1, -1)");
        }
        lines.addAll(NetworkCode.answering(spec, new Names(name -> "self." + name, name -> "self." + name)));
        if (spec.isRegression()) {
            String base = spec.change() ? "self.last_target(numbers)" : "self.center";
            lines.add("return torch.to(torch.add(torch.mul(torch.to(y, 7), self.step), " + base + "), 6)");
        } else {
            lines.add("return torch.softmax(y, 1)");
        }
        return "  def forward(self: __torch__.Model, numbers: Tensor, categories: Tensor) -> Tensor:\n    "
                + String.join("\n    ", lines) + '\n' + ENCODE;
    }

    private static int statistics(ModelSpec spec) {
        return 2 * spec.shape().hidden() * Weights.norms(spec).size();
    }

    private static final String ENCODE = """
              def encode(self: __torch__.Model, rows: List[List[str]]) -> Tensor:
                ids = annotate(List[int], [])
                width = torch.len(self.vocabularies)
                for r in range(torch.len(rows)):
                  row = rows[r]
                  for i in range(width):
                    known = (self.vocabularies)[i]
                    value = row[i]
                    if torch.__contains__(known, value):
                      _0 = torch.append(ids, known[value])
                    else:
                      _1 = torch.append(ids, -1)
                return torch.view(torch.tensor(ids, dtype=4), [torch.len(rows), width])
            """;
}
