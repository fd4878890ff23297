package io.winnow.trainer.archive;

import static java.util.stream.Collectors.joining;

import io.winnow.trainer.archive.NetworkCode.Names;
import io.winnow.trainer.archive.Weights.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The training methods as TorchScript: a whole epoch runs in one native call. All weights are one flat tensor, of which
 * the layers are views: one gradient, one norm, and one pass for each operation of the optimizer. Nothing in a step waits
 * for the device.
 */
final class TrainingCode {
    private TrainingCode() {}

    static String of(ModelSpec spec, Weights weights, TrainingSpec training) {
        OptimizerCode optimizer = OptimizerCode.of(training.optimizer());
        String forget = optimizer.moments().stream()
                .map(moment -> "    " + moment + " = torch.zero_(self." + moment + ")\n")
                .collect(joining());
        String step =
                optimizer.lines().stream().map(line -> "      " + line + '\n').collect(joining());
        String learner = training.bfloat16() && spec.shape().blocks() > 0 ? "mixed" : "network";
        return network("network", spec, weights, false)
                + (learner.equals("mixed") ? network("mixed", spec, weights, true) : "")
                + TRAIN.replace("FORGET\n", forget)
                        .replace("STEP\n", step)
                        .replace("LEARNER", learner)
                        .replace("LOSS", loss(spec, training.loss()))
                        .replace("CATEGORIES", spec.categories().isEmpty() ? "c" : "torch.index_select(c, 0, rows)")
                        .replace("MATRICES", Integer.toString(Weights.size(weights.matrices())))
                        .replace(
                                "CLIP",
                                OptimizerCode.number(training.optimizer().clip()));
    }

    /** What is made small, of {@code out} and {@code goal}. */
    static String loss(ModelSpec spec, Loss loss) {
        return spec.isRegression()
                ? loss.of("torch.select(out, 1, 0)", "goal")
                : "torch.nll_loss(torch.log_softmax(out, 1), goal, None, 1, -100)";
    }

    private static String network(String method, ModelSpec spec, Weights weights, boolean low) {
        List<Part> matrices = weights.matrices();
        List<String> lines = new ArrayList<>();
        lines.add(split("w", "self.weights", weights.parts()));
        if (low) {
            lines.add(split(
                    "v",
                    "torch.to(torch.slice(self.weights, 0, 0, " + Weights.size(matrices) + "), " + NetworkCode.BFLOAT16
                            + ")",
                    matrices));
        }
        Names names = new Names(tensors("w", weights.parts()), statistics(spec), low ? tensors("v", matrices) : null);
        lines.addAll(NetworkCode.of(spec, names));
        return "  def " + method + "(self: __torch__.Model, x: Tensor, c: Tensor, train: bool) -> Tensor:\n    "
                + String.join("\n    ", lines) + "\n    return y\n";
    }

    /** A statement that cuts a vector into a list of these parts. */
    static String split(String name, String vector, List<Part> parts) {
        return name + " = torch.split_with_sizes(" + vector + ", ["
                + parts.stream().map(part -> Integer.toString(part.size())).collect(joining(", ")) + "])";
    }

    /** From a part's name to its view in such a list. */
    static UnaryOperator<String> tensors(String split, List<Part> parts) {
        List<String> names = parts.stream().map(Part::name).toList();
        return name -> {
            int i = names.indexOf(name);
            Part part = parts.get(i);
            String vector = split + "[" + i + "]";
            return part.columns() == 0
                    ? vector
                    : "torch.view(" + vector + ", [" + part.rows() + ", " + part.columns() + "])";
        };
    }

    /** From a running statistic's name to its view. */
    static UnaryOperator<String> statistics(ModelSpec spec) {
        List<String> norms = Weights.norms(spec);
        int hidden = spec.shape().hidden();
        return name -> {
            boolean mean = name.endsWith("_running_mean");
            String norm = name.substring(0, name.lastIndexOf("_running_"));
            int at = (2 * norms.indexOf(norm) + (mean ? 0 : 1)) * hidden;
            return "torch.slice(self.statistics, 0, " + at + ", " + (at + hidden) + ")";
        };
    }

    private static final String TRAIN = """
              def score(self: __torch__.Model, x: Tensor, c: Tensor) -> Tensor:
                return self.network(x, c, False)
              def state(self: __torch__.Model) -> Tensor:
                return torch.cat([torch.detach(self.weights), self.statistics])
              def restore(self: __torch__.Model, state: Tensor) -> Tensor:
                size = torch.size(self.weights, 0)
                w = torch.copy_(torch.detach(self.weights), torch.slice(state, 0, 0, size))
                s = torch.copy_(self.statistics, torch.slice(state, 0, size))
            FORGET
                return torch.zero_(self.steps)
              def train_epoch(self: __torch__.Model, x: Tensor, c: Tensor, y: Tensor, order: Tensor, rates: Tensor, batch: Tensor) -> Tensor:
                weights = torch.detach(self.weights)
                matrices = torch.slice(weights, 0, 0, MATRICES)
                size = int(torch.item(batch))
                total = torch.new_zeros(x, [1])
                paces = annotate(List[float], rates.tolist())
                count = torch.len(paces)
                before = int(torch.item(self.steps))
                for i in range(count):
                  rows = torch.slice(order, 0, torch.mul(i, size), torch.mul(torch.add(i, 1), size))
                  goal = torch.index_select(y, 0, rows)
                  out = self.LEARNER(torch.index_select(x, 0, rows), CATEGORIES, True)
                  loss = LOSS
                  gradients = torch.autograd.grad([loss], [self.weights])
                  g = unchecked_cast(Tensor, gradients[0])
                  c0 = torch.clamp_max(torch.mul(torch.reciprocal(torch.add(torch.norm(g), 1.0e-12)), CLIP), 1.0)
                  g0 = torch.mul_(g, c0)
                  rate = paces[i]
                  step = torch.add(torch.add(before, i), 1)
            STEP
                  t = torch.add_(total, torch.detach(loss))
                s = torch.add_(self.steps, count)
                return torch.mul(total, torch.div(1.0, count))
            """;
}
