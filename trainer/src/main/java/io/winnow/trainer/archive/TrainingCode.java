package io.winnow.trainer.archive;

import io.winnow.trainer.archive.Weights.Part;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The training methods as TorchScript: a whole epoch runs in one native call. The fused and the foreach optimizers of
 * PyTorch silently do nothing inside a script, so AdamW is spelled out over one flat tensor, on a detached view of it.
 */
final class TrainingCode {
    private TrainingCode() {}

    static String of(ModelSpec spec, Weights weights, OptimizerSpec optimizer) {
        return network(spec, weights)
                + TRAIN.replace("LOSS", loss(spec))
                        .replace("BETA1", number(optimizer.firstDecay()))
                        .replace("BETA2", number(optimizer.secondDecay()))
                        .replace("REST1", number(1 - optimizer.firstDecay()))
                        .replace("REST2", number(1 - optimizer.secondDecay()))
                        .replace("DECAY", number(optimizer.weightDecay()))
                        .replace("CLIP", number(optimizer.clip()));
    }

    /** What is minimized, of {@code out} and {@code goal}. */
    static String loss(ModelSpec spec) {
        return spec.isRegression()
                ? "torch.smooth_l1_loss(torch.select(out, 1, 0), goal, 1, 0.25)"
                : "torch.nll_loss(torch.log_softmax(out, 1), goal, None, 1, -100)";
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.17g", value);
    }

    private static String network(ModelSpec spec, Weights weights) {
        String sizes =
                weights.parts().stream().map(p -> Integer.toString(p.size())).collect(Collectors.joining(", "));
        List<String> names = weights.parts().stream().map(Part::name).toList();
        List<String> norms = Weights.norms(spec);
        int hidden = spec.shape().hidden();
        List<String> lines = NetworkCode.of(
                spec,
                name -> {
                    int i = names.indexOf(name);
                    Part part = weights.parts().get(i);
                    return part.columns() == 0
                            ? "w[" + i + "]"
                            : "torch.view(w[" + i + "], [" + part.rows() + ", " + part.columns() + "])";
                },
                name -> {
                    boolean mean = name.endsWith("_running_mean");
                    String norm = name.substring(0, name.lastIndexOf("_running_"));
                    int at = (2 * norms.indexOf(norm) + (mean ? 0 : 1)) * hidden;
                    return "torch.slice(self.statistics, 0, " + at + ", " + (at + hidden) + ")";
                });
        return "  def network(self: __torch__.Model, x: Tensor, c: Tensor, train: bool) -> Tensor:\n"
                + "    w = torch.split_with_sizes(self.weights, [" + sizes + "])\n    "
                + String.join("\n    ", lines) + "\n    return y\n";
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
                m = torch.zero_(self.first_moment)
                v = torch.zero_(self.second_moment)
                return torch.zero_(self.steps)
              def train_epoch(self: __torch__.Model, x: Tensor, c: Tensor, y: Tensor, order: Tensor, rates: Tensor, batch: Tensor) -> Tensor:
                weights = torch.detach(self.weights)
                size = int(torch.item(batch))
                total = torch.new_zeros(x, [1])
                count = torch.size(rates, 0)
                for i in range(count):
                  rows = torch.slice(order, 0, torch.mul(i, size), torch.mul(torch.add(i, 1), size))
                  goal = torch.index_select(y, 0, rows)
                  out = self.network(torch.index_select(x, 0, rows), torch.index_select(c, 0, rows), True)
                  loss = LOSS
                  gradients = torch.autograd.grad([loss], [self.weights])
                  g = unchecked_cast(Tensor, gradients[0])
                  g = torch.mul(g, torch.clamp_max(torch.mul(torch.reciprocal(torch.add(torch.norm(g), 1.0e-12)), CLIP), 1.0))
                  rate = float(torch.item(rates[i]))
                  steps = int(torch.item(torch.add_(self.steps, 1)))
                  correction1 = torch.sub(1.0, torch.pow(BETA1, steps))
                  correction2 = torch.sub(1.0, torch.pow(BETA2, steps))
                  m = torch.add_(torch.mul_(self.first_moment, BETA1), g, alpha=REST1)
                  v = torch.addcmul_(torch.mul_(self.second_moment, BETA2), g, g, value=REST2)
                  root = torch.add_(torch.mul(torch.sqrt(v), torch.pow(correction2, -0.5)), 1.0e-8)
                  d = torch.mul_(weights, torch.add(torch.mul(self.decayed, torch.mul(rate, -DECAY)), 1.0))
                  w = torch.addcdiv_(weights, m, root, value=torch.neg(torch.div(rate, correction1)))
                  t = torch.add_(total, torch.detach(loss))
                return torch.mul(total, torch.div(1.0, count))
            """;
}
