package io.winnow.trainer.archive;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The network's forward pass as TorchScript: a linear path, and beside it residual blocks of batch norm, activation,
 * linear, batch norm, activation, dropout, linear (He et al. 2016, "Identity mappings in deep residual networks").
 */
final class NetworkCode {
    /** PyTorch's numbers for element types. */
    static final int BFLOAT16 = 15;

    private static final int FLOAT32 = 6;

    /** Where a step's masks begin among those that were drawn: anywhere up to this. */
    static final int SPARE_MASKS = 256;

    private final ModelSpec spec;
    private final Names names;
    private final boolean train;
    private final List<String> lines = new ArrayList<>();

    private NetworkCode(ModelSpec spec, Names names, boolean train) {
        this.spec = spec;
        this.names = names;
        this.train = train;
    }

    /**
     * How the network's tensors are called.
     *
     * @param tensor from a part's name to the expression for it
     * @param statistic from a running statistic's name to the expression for it
     * @param low from a hidden matrix's name to the expression for it in bfloat16; null to compute in float32
     */
    record Names(
            UnaryOperator<String> tensor,
            UnaryOperator<String> statistic,
            @Nullable UnaryOperator<String> low) {}

    /** Statements that make {@code y[B, K]} of {@code x[B, D]} and {@code c[B, C]}, by running statistics. */
    static List<String> answering(ModelSpec spec, Names names) {
        return new NetworkCode(spec, names, false).lines();
    }

    /**
     * The same while training: by the batch's statistics, and with dropout. {@code masks} are rows that dropout multiplies
     * with, at least B + {@value #SPARE_MASKS}, and {@code turn} is a number that is another at each step.
     */
    static List<String> training(ModelSpec spec, Names names) {
        return new NetworkCode(spec, names, true).lines();
    }

    private List<String> lines() {
        List<String> inputs = new ArrayList<>(List.of("x"));
        for (int c = 0; c < spec.categories().size(); c++) {
            // Row 0 stands for missing, unknown, and for ids beyond the vocabulary.
            int size = spec.categories().get(c).values().size();
            line("i%d = torch.add(torch.select(c, 1, %d), 1)", c, c);
            line("i%d = torch.mul(i%d, torch.le(i%d, %d))", c, c, c, size);
            line(
                    "e%d = torch.embedding(%s, torch.clamp_min(i%d, 0))",
                    c, names.tensor.apply("embedding" + c + "_weight"), c);
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
        Activation activation = spec.shape().activation();
        // The sum that runs through all blocks stays in float32, or what each adds would drown in rounding.
        line("h = %s", wide(hidden("e", "input")));
        for (int b = 0; b < spec.shape().blocks(); b++) {
            line("u = %s", activation.of(norm("h", "block" + b + "_norm1")));
            line("u = %s", hidden("u", "block" + b + "_linear1"));
            line("u = %s", activation.of(norm("u", "block" + b + "_norm2")));
            if (train && spec.shape().dropout() > 0) {
                // Every step and block begins elsewhere, so that a row meets another mask each time.
                line(
                        "begin = torch.remainder(torch.mul(torch.add(torch.mul(turn, %d), %d), 89), %d)",
                        spec.shape().blocks(), b, SPARE_MASKS);
                line("u = torch.mul(u, torch.slice(masks, 0, begin, torch.add(begin, torch.size(u, 0))))");
            }
            // In place, on a product that nothing else reads: a pass over memory less.
            line("h = torch.add_(%s, h)", wide(hidden("u", "block" + b + "_linear2")));
        }
        line("h = %s", activation.of(norm("h", "last_norm")));
        line("y = torch.add(y, torch.linear(h, %s, None))", names.tensor.apply("last_weight"));
    }

    /**
     * A layer to hidden units: where the time goes, so it may be in bfloat16. Without a bias, which the norm that follows
     * would take off again.
     */
    private String hidden(String input, String name) {
        return names.low == null
                ? "torch.linear(" + input + ", " + names.tensor.apply(name + "_weight") + ", None)"
                : "torch.linear(torch.to(" + input + ", " + BFLOAT16 + "), " + names.low.apply(name + "_weight")
                        + ", None)";
    }

    private String wide(String expression) {
        return names.low == null ? expression : "torch.to(" + expression + ", " + FLOAT32 + ")";
    }

    private String linear(String input, String name) {
        return "torch.linear(" + input + ", " + names.tensor.apply(name + "_weight") + ", "
                + names.tensor.apply(name + "_bias") + ")";
    }

    private String norm(String input, String name) {
        return "torch.batch_norm(" + input + ", " + names.tensor.apply(name + "_weight") + ", "
                + names.tensor.apply(name + "_bias") + ", " + names.statistic.apply(name + "_running_mean") + ", "
                + names.statistic.apply(name + "_running_var") + (train ? ", True" : ", False")
                + ", 0.1, 1.0e-05, False)";
    }

    private void line(String format, Object... arguments) {
        lines.add(String.format(java.util.Locale.ROOT, format, arguments));
    }
}
