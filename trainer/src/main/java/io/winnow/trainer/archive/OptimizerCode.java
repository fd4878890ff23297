package io.winnow.trainer.archive;

import io.winnow.trainer.archive.OptimizerSpec.AdamW;
import io.winnow.trainer.archive.OptimizerSpec.Sgd;
import java.util.List;
import java.util.Locale;

/**
 * An optimizer's step as TorchScript, over one piece of flat tensors after another: {@code g} of the gradient, already
 * clipped and ours to change; {@code w} of the weights, which {@code decays} or not; {@code rate}; {@code step}, from 1.
 * PyTorch's fused and foreach optimizers silently do nothing inside a script, so both kinds are spelled out.
 *
 * @param moments names of the tensors that it keeps, each as long as the weights; a piece of each has its name
 * @param scalars its statements for a step
 * @param lines its statements for a piece
 */
record OptimizerCode(List<String> moments, List<String> scalars, List<String> lines) {

    static OptimizerCode of(OptimizerSpec optimizer) {
        if (optimizer instanceof AdamW adam) {
            return adam(adam);
        }
        return sgd((Sgd) optimizer);
    }

    /** Both bias corrections are moved into the step's size and epsilon, which saves a pass over the second moment. */
    private static OptimizerCode adam(AdamW adam) {
        String first = number(adam.firstDecay());
        String second = number(adam.secondDecay());
        return new OptimizerCode(
                List.of("first_moment", "second_moment"),
                List.of(
                        "root = torch.sqrt(torch.sub(1.0, torch.pow(" + second + ", step)))",
                        "pace = torch.neg(torch.mul(rate, torch.div(root, torch.sub(1.0, torch.pow(" + first
                                + ", step)))))",
                        "kept = torch.add(torch.mul(rate, " + number(-adam.weightDecay()) + "), 1.0)",
                        "least = torch.mul(root, 1.0e-8)"),
                List.of(
                        "m = torch.lerp_(first_moment, g, " + number(1 - adam.firstDecay()) + ")",
                        "v = torch.addcmul_(torch.mul_(second_moment, " + second + "), g, g, value="
                                + number(1 - adam.secondDecay()) + ")",
                        "if decays:",
                        "  w0 = torch.mul_(w, kept)",
                        "w1 = torch.addcdiv_(w, m, torch.add_(torch.sqrt(v), least), value=pace)"));
    }

    private static OptimizerCode sgd(Sgd sgd) {
        String momentum = number(sgd.momentum());
        return new OptimizerCode(
                List.of("velocity"),
                List.of("pace = torch.neg(rate)"),
                List.of(
                        "if decays:",
                        "  g0 = torch.add_(g, w, alpha=" + number(sgd.weightDecay()) + ")",
                        "v = torch.add_(torch.mul_(velocity, " + momentum + "), g)",
                        "w0 = torch.add_(w, torch.add_(g, v, alpha=" + momentum + "), alpha=pace)"));
    }

    /** A constant, exactly; with a point or an exponent, or it would be an integer in the script. */
    static String number(double value) {
        return String.format(Locale.ROOT, "%.17e", value);
    }
}
