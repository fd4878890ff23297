package io.winnow.trainer.archive;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/**
 * The network's answer as TorchScript: a linear path, and beside it residual blocks of batch norm, activation, linear,
 * batch norm, activation, dropout, linear (He et al. 2016, "Identity mappings in deep residual networks"). By running
 * statistics and without dropout; how it is while training says {@link StepCode}.
 */
final class NetworkCode {
    private final ModelSpec spec;
    private final Names names;
    private final List<String> lines = new ArrayList<>();

    private NetworkCode(ModelSpec spec, Names names) {
        this.spec = spec;
        this.names = names;
    }

    /**
     * How the network's tensors are called.
     *
     * @param tensor from a part's name to the expression for it
     * @param statistic from a running statistic's name to the expression for it
     */
    record Names(UnaryOperator<String> tensor, UnaryOperator<String> statistic) {}

    /** Statements that make {@code y[B, K]} of {@code x[B, D]} and {@code c[B, C]}. */
    static List<String> answering(ModelSpec spec, Names names) {
        return new NetworkCode(spec, names).lines();
    }

    /**
     * Statements that make {@code eN}, the embeddings of category N, and {@code iN}, their rows, of {@code c[B, C]}.
     *
     * @param c the ids' name
     * @param tensor from a part's name to the expression for it
     */
    static List<String> embeddings(ModelSpec spec, String c, UnaryOperator<String> tensor) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < spec.categories().size(); i++) {
            // Row 0 stands for missing, unknown, and for ids beyond the vocabulary.
            int size = spec.categories().get(i).values().size();
            lines.add(text("i%d = torch.add(torch.select(%s, 1, %d), 1)", i, c, i));
            lines.add(text("i%d = torch.clamp_min(torch.mul(i%d, torch.le(i%d, %d)), 0)", i, i, i, size));
            lines.add(text("e%d = torch.embedding(%s, i%d)", i, tensor.apply("embedding" + i + "_weight"), i));
        }
        return lines;
    }

    private List<String> lines() {
        lines.addAll(embeddings(spec, "c", names.tensor));
        StringBuilder inputs = new StringBuilder("x");
        for (int i = 0; i < spec.categories().size(); i++) {
            inputs.append(", e").append(i);
        }
        line("e = torch.cat([%s], 1)", inputs);
        line("y = torch.linear(e, %s, %s)", names.tensor.apply("linear_weight"), names.tensor.apply("linear_bias"));
        if (spec.shape().blocks() > 0) {
            residual();
        }
        return lines;
    }

    private void residual() {
        Activation activation = spec.shape().activation();
        line("h = %s", hidden("e", "input"));
        for (int b = 0; b < spec.shape().blocks(); b++) {
            line("u = %s", activation.of(norm("h", "block" + b + "_norm1")));
            line("u = %s", hidden("u", "block" + b + "_linear1"));
            line("u = %s", activation.of(norm("u", "block" + b + "_norm2")));
            // In place, on a product that nothing else reads: a pass over memory less.
            line("h = torch.add_(%s, h)", hidden("u", "block" + b + "_linear2"));
        }
        line("h = %s", activation.of(norm("h", "last_norm")));
        line("y = torch.add(y, %s)", hidden("h", "last"));
    }

    /** A layer without a bias, which the norm that follows would take off again. */
    private String hidden(String input, String name) {
        return "torch.linear(" + input + ", " + names.tensor.apply(name + "_weight") + ", None)";
    }

    private String norm(String input, String name) {
        return "torch.batch_norm(" + input + ", " + names.tensor.apply(name + "_weight") + ", "
                + names.tensor.apply(name + "_bias") + ", " + names.statistic.apply(name + "_running_mean") + ", "
                + names.statistic.apply(name + "_running_var") + ", False, 0.1, 1.0e-05, False)";
    }

    private void line(String format, Object... arguments) {
        lines.add(text(format, arguments));
    }

    private static String text(String format, Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }
}
