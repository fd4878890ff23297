package io.winnow.trainer.archive;

import io.winnow.trainer.archive.OptimizerSpec.AdamW;
import io.winnow.trainer.archive.OptimizerSpec.Sgd;
import java.util.List;
import java.util.Locale;

/**
 * An optimizer's step as TorchScript, over flat tensors: {@code g}, the gradient, already clipped and ours to change;
 * {@code weights}, and {@code matrices}, its front part, which decays; {@code rate}; {@code step}, from 1. PyTorch's fused
 * and foreach optimizers silently do nothing inside a script, so both kinds are spelled out, with as few passes over
 * memory as they need.
 *
 * @param moments names of the tensors that it keeps, each as long as the weights
 * @param lines its statements
 */
record OptimizerCode(List<String> moments, List<String> lines) {

    static OptimizerCode of(OptimizerSpec optimizer) {
        if (optimizer instanceof AdamW adam) {
            return adam(adam);
        }
        return sgd((Sgd) optimizer);
    }

    /** Both bias corrections are moved into the step's size and epsilon, which saves a pass over the second moment. */
    private static OptimizerCode adam(AdamW adam) {
        String second = number(adam.secondDecay());
        return new OptimizerCode(
                List.of("first_moment", "second_moment"),
                List.of(
                        "m = torch.lerp_(self.first_moment, g, " + number(1 - adam.firstDecay()) + ")",
                        "v = torch.addcmul_(torch.mul_(self.second_moment, " + second + "), g, g, value="
                                + number(1 - adam.secondDecay()) + ")",
                        "correction1 = torch.sub(1.0, torch.pow(" + number(adam.firstDecay()) + ", step))",
                        "correction2 = torch.sqrt(torch.sub(1.0, torch.pow(" + second + ", step)))",
                        "root = torch.add_(torch.sqrt(v), torch.mul(1.0e-8, correction2))",
                        "d = torch.mul_(matrices, torch.add(torch.mul(rate, " + number(-adam.weightDecay())
                                + "), 1.0))",
                        "w = torch.addcdiv_(weights, m, root, value="
                                + "torch.neg(torch.mul(rate, torch.div(correction2, correction1))))"));
    }

    private static OptimizerCode sgd(Sgd sgd) {
        String momentum = number(sgd.momentum());
        return new OptimizerCode(
                List.of("velocity"),
                List.of(
                        "d = torch.add_(torch.slice(g, 0, 0, torch.size(matrices, 0)), matrices, alpha="
                                + number(sgd.weightDecay()) + ")",
                        "v = torch.add_(torch.mul_(self.velocity, " + momentum + "), g)",
                        "w = torch.add_(weights, torch.add_(g, v, alpha=" + momentum + "), alpha=torch.neg(rate))"));
    }

    /** A constant, exactly; with a point or an exponent, or it would be an integer in the script. */
    static String number(double value) {
        return String.format(Locale.ROOT, "%.17e", value);
    }
}
