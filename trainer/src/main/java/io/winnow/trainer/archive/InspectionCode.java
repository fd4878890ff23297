package io.winnow.trainer.archive;

import io.winnow.trainer.archive.Archives.Section;
import io.winnow.trainer.archive.NetworkCode.Names;
import io.winnow.trainer.archive.Weights.Part;
import java.util.ArrayList;
import java.util.List;

/**
 * The method {@code inspect} as TorchScript: inputs, activations, outputs and the loss's gradients for some rows, one
 * after another in one tensor. In evaluation mode: it draws no random number and moves no statistic, so a training that
 * is looked into learns the same.
 */
final class InspectionCode {
    private static final String HIDDEN = "h = ";

    private InspectionCode() {}

    /** What {@code inspect} gives for this many rows. */
    static List<Section> sections(ModelSpec spec, Weights weights, int rows) {
        List<Section> sections = new ArrayList<>();
        sections.add(new Section("inputs", rows * spec.inputs()));
        for (String layer : layers(spec)) {
            sections.add(new Section("activations/" + layer, rows * spec.shape().hidden()));
        }
        sections.add(new Section("outputs", rows * spec.outputs()));
        for (Part part : weights.parts()) {
            sections.add(new Section("gradients/" + part.name(), part.size()));
        }
        return sections;
    }

    /** What the network's hidden state is called each time that it is set. */
    private static List<String> layers(ModelSpec spec) {
        List<String> layers = new ArrayList<>();
        int blocks = spec.shape().blocks();
        if (blocks > 0) {
            layers.add("input");
            for (int b = 0; b < blocks; b++) {
                layers.add("block" + b);
            }
            layers.add("last");
        }
        return layers;
    }

    static String of(ModelSpec spec, Weights weights, Loss loss) {
        List<String> lines = new ArrayList<>(List.of(
                "goal = torch.index_select(y, 0, rows)",
                "x = torch.index_select(x, 0, rows)",
                "c = torch.index_select(c, 0, rows)",
                "seen = annotate(List[Tensor], [])",
                kept("x"),
                TrainingCode.split("w", "self.weights", weights.parts())));
        Names names = new Names(TrainingCode.tensors("w", weights.parts()), TrainingCode.statistics(spec));
        int states = 0;
        for (String line : NetworkCode.answering(spec, names)) {
            lines.add(line);
            if (line.startsWith(HIDDEN)) {
                lines.add(kept("h"));
                states++;
            }
        }
        if (states != layers(spec).size()) {
            throw new IllegalStateException("the network sets its hidden state " + states + " times, not "
                    + layers(spec).size());
        }
        lines.add("out = y");
        lines.add(kept("out"));
        lines.add("loss = " + loss(spec, loss));
        lines.add("gradients = torch.autograd.grad([loss], [self.weights])");
        lines.add("g = unchecked_cast(Tensor, gradients[0])");
        lines.add(kept("g"));
        lines.add("return torch.cat(seen)");
        return "  def inspect(self: __torch__.Model, x: Tensor, c: Tensor, y: Tensor, rows: Tensor) -> Tensor:\n    "
                + String.join("\n    ", lines) + '\n';
    }

    /** What is made small, of {@code out} and {@code goal}. */
    private static String loss(ModelSpec spec, Loss loss) {
        return spec.isRegression()
                ? loss.of("torch.select(out, 1, 0)", "goal")
                : "torch.nll_loss(torch.log_softmax(out, 1), goal, None, 1, -100)";
    }

    private static String kept(String name) {
        return "kept = torch.append(seen, torch.to(torch.reshape(torch.detach(" + name + "), [-1]), 6))";
    }
}
