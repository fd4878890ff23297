package io.winnow.trainer.archive;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * The network's forward pass as TorchScript: a linear path, and beside it residual blocks of batch norm, ReLU, linear,
 * batch norm, ReLU, dropout, linear (He et al. 2016, "Identity mappings in deep residual networks").
 */
final class NetworkCode {
    private final ModelSpec spec;
    private final UnaryOperator<String> tensor;
    private final UnaryOperator<String> statistic;
    private final List<String> lines = new ArrayList<>();

    private NetworkCode(ModelSpec spec, UnaryOperator<String> tensor, UnaryOperator<String> statistic) {
        this.spec = spec;
        this.tensor = tensor;
        this.statistic = statistic;
    }

    /**
     * Statements that make {@code y[B, K]} of {@code x[B, D]} and {@code c[B, C]}; {@code train} says whether batch
     * statistics and dropout are used.
     *
     * @param tensor from a part's name to the expression for it
     * @param statistic from a running statistic's name to the expression for it
     */
    static List<String> of(ModelSpec spec, UnaryOperator<String> tensor, UnaryOperator<String> statistic) {
        return new NetworkCode(spec, tensor, statistic).lines();
    }

    private List<String> lines() {
        List<String> inputs = new ArrayList<>(List.of("x"));
        for (int c = 0; c < spec.categories().size(); c++) {
            // Row 0 stands for missing, unknown, and for ids beyond the vocabulary.
            int size = spec.categories().get(c).values().size();
            line("i%d = torch.add(torch.select(c, 1, %d), 1)", c, c);
            line("i%d = torch.mul(i%d, torch.le(i%d, %d))", c, c, c, size);
            line("e%d = torch.embedding(%s, torch.clamp_min(i%d, 0))", c, tensor.apply("embedding" + c + "_weight"), c);
            inputs.add("e" + c);
        }
        line("e = torch.cat([%s], 1)", String.join(", ", inputs));
        line("y = %s", linear("e", "linear"));
        if (spec.shape().blocks() > 0) {
            residual();
        }
        return lines;
    }

    private void residual() {
        line("h = %s", linear("e", "input"));
        for (int b = 0; b < spec.shape().blocks(); b++) {
            line("u = torch.relu(%s)", norm("h", "block" + b + "_norm1"));
            line("u = %s", linear("u", "block" + b + "_linear1"));
            line("u = torch.relu(%s)", norm("u", "block" + b + "_norm2"));
            line("u = torch.dropout(u, %s, train)", spec.shape().dropout());
            line("h = torch.add(h, %s)", linear("u", "block" + b + "_linear2"));
        }
        line("h = torch.relu(%s)", norm("h", "last_norm"));
        line("y = torch.add(y, torch.linear(h, %s, None))", tensor.apply("last_weight"));
    }

    private String linear(String input, String name) {
        return "torch.linear(" + input + ", " + tensor.apply(name + "_weight") + ", " + tensor.apply(name + "_bias")
                + ")";
    }

    private String norm(String input, String name) {
        return "torch.batch_norm(" + input + ", " + tensor.apply(name + "_weight") + ", "
                + tensor.apply(name + "_bias") + ", " + statistic.apply(name + "_running_mean") + ", "
                + statistic.apply(name + "_running_var") + ", train, 0.1, 1.0e-05, False)";
    }

    private void line(String format, Object... arguments) {
        lines.add(String.format(java.util.Locale.ROOT, format, arguments));
    }
}
