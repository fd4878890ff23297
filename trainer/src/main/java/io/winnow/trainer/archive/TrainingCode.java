package io.winnow.trainer.archive;

import static java.util.stream.Collectors.joining;

import io.winnow.trainer.archive.NetworkCode.Names;
import io.winnow.trainer.archive.Weights.Part;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The training methods as TorchScript: a whole epoch runs in one native call. All weights are one flat tensor, of which
 * the layers are views: there is one gradient and one norm. The optimizer goes over it in pieces that stay in a core's
 * cache, on a GPU in one. Dropout's masks are drawn once for a call, a few more than a step needs, and each step begins
 * elsewhere among them: PyTorch's own dropout takes a fifth of a step on a CPU. Nothing in a step waits for the device.
 */
final class TrainingCode {
    /** Numbers in a piece: 256 KiB, of which the optimizer needs five at a time. */
    private static final int PIECE = 65_536;

    private TrainingCode() {}

    static String of(ModelSpec spec, Weights weights, TrainingSpec training) {
        OptimizerCode optimizer = OptimizerCode.of(training.optimizer());
        List<String> moments = optimizer.moments();
        List<String> masks = spec.shape().dropout() > 0 ? MASKS : List.of("masks = x");
        StepCode.Lines lines = StepCode.of(spec, weights, training);
        return score(spec, weights)
                + TRAIN.replace("MASKS", lines(4, masks, line -> line))
                        .replace("FORGET", lines(4, moments, m -> m + " = torch.zero_(self." + m + ")"))
                        .replace("MOMENTS", lines(4, moments, m -> m + "_ = self.pieces(self." + m + ", piece)"))
                        .replace("PIECES", lines(8, moments, m -> m + " = " + m + "_[k]"))
                        .replace("SCALARS", lines(6, optimizer.scalars(), line -> line))
                        .replace("STEP", lines(8, optimizer.lines(), line -> line))
                        .replace("ONCE", lines(4, lines.once(), line -> line))
                        .replace("GRADIENT", lines(6, lines.step(), line -> line))
                        .replace("MATRICES", Integer.toString(Weights.size(weights.matrices())))
                        .replace("PIECE", Integer.toString(PIECE))
                        .replace("SPARE", Integer.toString(StepCode.SPARE_MASKS))
                        .replace("HIDDEN", Integer.toString(spec.shape().hidden()))
                        .replace("DROPOUT", OptimizerCode.number(spec.shape().dropout()))
                        .replace(
                                "SCALE",
                                OptimizerCode.number(1 / (1 - spec.shape().dropout())))
                        .replace(
                                "CLIP",
                                OptimizerCode.number(training.optimizer().clip()));
    }

    private static String lines(int indent, List<String> of, UnaryOperator<String> line) {
        return of.stream().map(line).map(text -> " ".repeat(indent) + text).collect(joining("\n"));
    }

    private static String score(ModelSpec spec, Weights weights) {
        List<String> lines = new ArrayList<>(List.of(split("w", "self.weights", weights.parts())));
        lines.addAll(NetworkCode.answering(spec, new Names(tensors("w", weights.parts()), statistics(spec))));
        return "  def score(self: __torch__.Model, x: Tensor, c: Tensor) -> Tensor:\n    "
                + String.join("\n    ", lines) + "\n    return y\n";
    }

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

    private static final List<String> MASKS = List.of(
            "draws = torch.uniform_(torch.new_empty(x, [torch.add(size, SPARE), HIDDEN]), 0., 1.)",
            "masks = torch.mul(torch.to(torch.ge(draws, DROPOUT), 6), SCALE)");

    private static final String TRAIN = """
              def state(self: __torch__.Model) -> Tensor:
                return torch.cat([torch.detach(self.weights), self.statistics])
              def restore(self: __torch__.Model, state: Tensor) -> Tensor:
                size = torch.size(self.weights, 0)
                w = torch.copy_(torch.detach(self.weights), torch.slice(state, 0, 0, size))
                s = torch.copy_(self.statistics, torch.slice(state, 0, size))
            FORGET
                return torch.zero_(self.steps)
              def pieces(self: __torch__.Model, flat: Tensor, piece: int) -> List[Tensor]:
                matrices = torch.split(torch.slice(flat, 0, 0, MATRICES), piece)
                return torch.add(matrices, torch.split(torch.slice(flat, 0, MATRICES), piece))
              def train_epoch(self: __torch__.Model, x: Tensor, c: Tensor, y: Tensor, order: Tensor, rates: Tensor, batch: Tensor) -> Tensor:
                size = int(torch.item(batch))
                piece = PIECE
                if ops.prim.is_cuda(x):
                  piece = torch.size(self.weights, 0)
                weights = torch.detach(self.weights)
                weights_ = self.pieces(weights, piece)
            MOMENTS
                matrices = torch.floordiv(torch.sub(torch.add(MATRICES, piece), 1), piece)
            MASKS
            ONCE
                gradients_ = self.pieces(gradient, piece)
                total = torch.new_zeros(x, [1])
                paces = annotate(List[float], rates.tolist())
                count = torch.len(paces)
                before = int(torch.item(self.steps))
                for i in range(count):
                  rows = torch.slice(order, 0, torch.mul(i, size), torch.mul(torch.add(i, 1), size))
                  step = torch.add(torch.add(before, i), 1)
            GRADIENT
                  share = torch.clamp_max(torch.mul(torch.reciprocal(torch.add(torch.norm(gradient), 1.0e-12)), CLIP), 1.0)
                  rate = paces[i]
            SCALARS
                  for k in range(torch.len(gradients_)):
                    g = torch.mul_(gradients_[k], share)
                    w = weights_[k]
            PIECES
                    decays = torch.lt(k, matrices)
            STEP
                  t = torch.add_(total, loss)
                done = torch.add_(self.steps, count)
                return torch.mul(total, torch.div(1.0, count))
            """;
}
