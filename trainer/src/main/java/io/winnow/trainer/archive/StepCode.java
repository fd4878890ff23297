package io.winnow.trainer.archive;

import static java.util.stream.Collectors.joining;

import io.winnow.trainer.archive.Weights.Part;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * A training step up to its gradient as TorchScript: the network's forward pass (see {@link NetworkCode}) by the batch's
 * statistics and with dropout, the loss, and the way back, spelled out. PyTorch would find that way by itself, but keeps a
 * record of each operation for it, a quarter of a step of a small network; and what is spelled out can go into tensors
 * that are there already, the gradient's parts among them.
 *
 * <p>Read and written: {@code weights} (detached), {@code self.statistics}, {@code x}, {@code c}, {@code y}, {@code
 * masks}, rows that dropout multiplies with, at least a step's and {@value #SPARE_MASKS} more, {@code size}, rows of a
 * step, {@code rows}, which ones they are, and {@code step}, a number that is another at each step. A step leaves {@code
 * loss} and {@code gradient}.
 */
final class StepCode {
    /** Where a step's masks begin among those that were drawn: anywhere up to this. */
    static final int SPARE_MASKS = 256;

    /** PyTorch's number for this element type. */
    private static final int BFLOAT16 = 15;

    private final ModelSpec spec;
    private final Weights weights;
    private final Loss loss;
    private final boolean low;
    private final List<String> once = new ArrayList<>();
    private final List<String> step = new ArrayList<>();

    private StepCode(ModelSpec spec, Weights weights, TrainingSpec training) {
        this.spec = spec;
        this.weights = weights;
        this.loss = training.loss();
        this.low = training.bfloat16() && spec.shape().blocks() > 0;
    }

    /**
     * The statements.
     *
     * @param once before the first step of a call: views, and tensors for what steps make
     * @param step in each step
     */
    record Lines(List<String> once, List<String> step) {
        Lines {
            once = List.copyOf(once);
            step = List.copyOf(step);
        }
    }

    static Lines of(ModelSpec spec, Weights weights, TrainingSpec training) {
        StepCode code = new StepCode(spec, weights, training);
        code.views();
        code.forward();
        code.answer();
        code.backward();
        return new Lines(code.once, code.step);
    }

    /** Of each part its weights, {@code NAME}, where it is a matrix that turned over, {@code NAME_t}, and its gradient. */
    private void views() {
        List<Part> matrices = weights.matrices();
        once("gradient = torch.empty_like(weights)");
        once(TrainingCode.split("ws", "weights", weights.parts()));
        once(TrainingCode.split("gs", "torch.slice(gradient, 0, 0, " + Weights.size(matrices) + ")", matrices));
        once("gradient_rest = torch.slice(gradient, 0, %d)", Weights.size(matrices));
        for (Part part : weights.parts()) {
            once(
                    "%s = %s",
                    part.name(), TrainingCode.tensors("ws", weights.parts()).apply(part.name()));
        }
        for (Part part : matrices) {
            once("%s_t = torch.t(%s)", part.name(), part.name());
            once("%s_g = %s", part.name(), TrainingCode.tensors("gs", matrices).apply(part.name()));
        }
        if (low) {
            once("wide = torch.slice(weights, 0, 0, %d)", Weights.size(matrices));
            once("low = torch.to(wide, %d)", BFLOAT16);
            once(TrainingCode.split("vs", "low", matrices));
            for (Part part : matrices) {
                once(
                        "%s_v = %s",
                        part.name(), TrainingCode.tensors("vs", matrices).apply(part.name()));
            }
            step("z = torch.copy_(low, wide)");
        }
        List<String> norms = Weights.norms(spec);
        once(
                "s = torch.split_with_sizes(self.statistics, [%s])",
                String.join(
                        ", ",
                        Collections.nCopies(
                                2 * norms.size(), Integer.toString(spec.shape().hidden()))));
        for (int i = 0; i < norms.size(); i++) {
            once("%s_running_mean = s[%d]", norms.get(i), 2 * i);
            once("%s_running_var = s[%d]", norms.get(i), 2 * i + 1);
        }
    }

    // Forward.

    private void forward() {
        int categories = spec.categories().size();
        table(
                "e",
                spec.inputs()
                        + spec.categories().stream()
                                .mapToInt(ModelSpec.Category::width)
                                .sum());
        if (categories == 0) {
            step("z = torch.index_select(x, 0, rows, out=e)");
        } else {
            step("ids = torch.index_select(c, 0, rows)");
            step.addAll(NetworkCode.embeddings(spec, "ids", name -> name));
            step(
                    "z = torch.cat([torch.index_select(x, 0, rows), %s], 1, out=e)",
                    IntStream.range(0, categories).mapToObj(c -> "e" + c).collect(joining(", ")));
        }
        table("out", spec.outputs());
        step("z = torch.addmm(linear_bias, e, linear_weight_t, out=out)");
        if (spec.shape().blocks() > 0) {
            residual();
        }
    }

    private void residual() {
        int blocks = spec.shape().blocks();
        hidden("h0");
        product("h0", "e", "input");
        for (int b = 0; b < blocks; b++) {
            String block = "block" + b + "_";
            String before = "h" + b;
            String after = "h" + (b + 1);
            active(block + "norm1", before);
            hidden(block + "u");
            product(block + "u", block + "norm1_a", block + "linear1");
            active(block + "norm2", block + "u");
            String dropped = block + "norm2_a";
            if (drops()) {
                // Every step and block begins elsewhere, so that a row meets another mask each time.
                step(
                        "begin = torch.remainder(torch.mul(torch.add(torch.mul(step, %d), %d), 89), %d)",
                        blocks, b, SPARE_MASKS);
                step("%smask = torch.slice(masks, 0, begin, torch.add(begin, size))", block);
                dropped = block + "d";
                hidden(dropped);
                step("z = torch.mul(%snorm2_a, %smask, out=%s)", block, block, dropped);
            }
            hidden(after);
            // The sum that runs through all blocks stays in float32, or what each adds would drown in rounding.
            product(after, dropped, block + "linear2");
            step("z = torch.add_(%s, %s)", after, before);
        }
        active("last_norm", "h" + blocks);
        step("z = torch.addmm_(out, last_norm_a, last_weight_t)");
    }

    /** {@code NORM_n}, the input normalized, and {@code NORM_a}, the activation of that: the same tensor where it may be. */
    private void active(String norm, String input) {
        hidden(norm + "_n");
        once("%s_mean = torch.new_empty(x, [%d])", norm, spec.shape().hidden());
        once("%s_scale = torch.new_empty(x, [%d])", norm, spec.shape().hidden());
        step(
                "z, z1, z2, = torch.native_batch_norm(%s, %s_weight, %s_bias, %s_running_mean, %s_running_var, True, 0.1,"
                        + " 1.0e-05, out=%s_n, save_mean=%s_mean, save_invstd=%s_scale)",
                input, norm, norm, norm, norm, norm, norm, norm);
        step("%s_a = %s", norm, spec.shape().activation().of(norm + "_n"));
    }

    /**
     * A product with a hidden layer's matrix: where the time goes, so it may be in bfloat16. Without a bias, which the norm
     * that follows would take off again.
     */
    private void product(String output, String input, String layer) {
        if (low) {
            step("%s_in = torch.to(%s, %d)", layer, input, BFLOAT16);
            step("z = torch.copy_(%s, torch.mm(%s_in, torch.t(%s_weight_v)))", output, layer, layer);
        } else {
            step("z = torch.mm(%s, %s_weight_t, out=%s)", input, layer, output);
        }
    }

    /** The loss, and its slope for each answer. */
    private void answer() {
        once("part = torch.div(1.0, size)");
        if (spec.isRegression()) {
            once("one = torch.new_ones(x, [])");
            step("goal = torch.index_select(y, 0, rows)");
            step("answer = torch.select(out, 1, 0)");
            step("loss = %s", loss.of("answer", "goal"));
            step("slope = torch.unsqueeze(%s, 1)", loss.slope("answer", "goal"));
        } else {
            once("minus = torch.neg(torch.new_ones(x, [size, 1]))");
            step("goal = torch.index_select(y, 0, rows)");
            step("logs = torch.log_softmax(out, 1)");
            step("loss = torch.nll_loss(logs, goal, None, 1, -100)");
            step("slope = torch.mul_(torch.scatter_add_(torch.exp(logs), 1, torch.unsqueeze(goal, 1), minus), part)");
        }
    }

    // Backward.

    private void backward() {
        step("slope_t = torch.t(slope)");
        step("z = torch.mm(slope_t, e, out=linear_weight_g)");
        if (spec.shape().blocks() > 0) {
            residualBack();
        }
        int from = spec.inputs();
        for (int c = 0; c < spec.categories().size(); c++) {
            embeddingBack(c, from);
            from += spec.categories().get(c).width();
        }
        // What does not decay lies together, after the matrices.
        List<String> rest = weights.parts().stream()
                .filter(part -> !part.decays())
                .map(part -> part.name().equals("linear_bias")
                        ? "torch.sum(slope, [0])"
                        : part.columns() == 0 ? part.name() + "_g" : "torch.view(" + part.name() + "_g, [-1])")
                .toList();
        step("z = torch.cat([%s], 0, out=gradient_rest)", String.join(", ", rest));
    }

    private void residualBack() {
        hidden("back");
        step("z = torch.mm(slope_t, last_norm_a, out=last_weight_g)");
        step("z = torch.mm(slope, last_weight, out=back)");
        int blocks = spec.shape().blocks();
        activeBack("last_norm", "h" + blocks, "h_g");
        for (int b = blocks - 1; b >= 0; b--) {
            String block = "block" + b + "_";
            productBack("h_g", drops() ? block + "d" : block + "norm2_a", block + "linear2");
            if (drops()) {
                step("z = torch.mul_(back, %smask)", block);
            }
            activeBack(block + "norm2", block + "u", "u_g");
            productBack("u_g", block + "norm1_a", block + "linear1");
            activeBack(block + "norm1", "h" + b, "h_more");
            step("h_g = torch.add_(h_more, h_g)");
        }
        if (low) {
            step("z = torch.copy_(input_weight_g, torch.mm(torch.t(torch.to(h_g, %d)), input_in))", BFLOAT16);
        } else {
            step("z = torch.mm(torch.t(h_g), e, out=input_weight_g)");
        }
    }

    /** From the gradient {@code g} of a product to its matrix's, and to its input's: {@code back}. */
    private void productBack(String g, String input, String layer) {
        if (low) {
            step("low_g = torch.to(%s, %d)", g, BFLOAT16);
            step("z = torch.copy_(%s_weight_g, torch.mm(torch.t(low_g), %s_in))", layer, layer);
            step("z = torch.copy_(back, torch.mm(low_g, %s_weight_v))", layer);
        } else {
            step("z = torch.mm(torch.t(%s), %s, out=%s_weight_g)", g, input, layer);
            step("z = torch.mm(%s, %s_weight, out=back)", g, layer);
        }
    }

    /** From {@code back}, the gradient of an activation, to that of the norm's input. */
    private void activeBack(String norm, String input, String g) {
        step("z = %s", spec.shape().activation().gradient("back", norm + "_n", norm + "_a"));
        step(
                "%s, %s_weight_g, %s_bias_g, = torch.native_batch_norm_backward(back, %s, %s_weight, %s_running_mean,"
                        + " %s_running_var, %s_mean, %s_scale, True, 1.0e-05, [True, True, True])",
                g, norm, norm, input, norm, norm, norm, norm, norm);
    }

    private void embeddingBack(int c, int from) {
        int to = from + spec.categories().get(c).width();
        String columns = "torch.slice(%s, 1, " + from + ", " + to + ")";
        String g = "torch.mm(slope, " + columns.formatted("linear_weight") + ")";
        if (spec.shape().blocks() > 0) {
            g = "torch.addmm(" + g + ", h_g, " + columns.formatted("input_weight") + ")";
        }
        step(
                "embedding%d_weight_g = torch.embedding_dense_backward(%s, i%d, %d, -1, False)",
                c, g, c, spec.categories().get(c).values().size() + 1);
    }

    // Words.

    private boolean drops() {
        return spec.shape().dropout() > 0;
    }

    private void hidden(String name) {
        table(name, spec.shape().hidden());
    }

    /** A tensor for what each step makes anew. */
    private void table(String name, int columns) {
        once("%s = torch.new_empty(x, [size, %d])", name, columns);
    }

    private void once(String format, Object... arguments) {
        once.add(String.format(Locale.ROOT, format, arguments));
    }

    private void step(String format, Object... arguments) {
        step.add(String.format(Locale.ROOT, format, arguments));
    }
}
